using System.Diagnostics;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>A client that has a source of activities of its own.</summary>
internal sealed class ObservedClient(IStreamClient inner, ActivitySource source) : DelegatingStreamClient(inner)
{
    public override object? GetService(Type serviceType) => serviceType == typeof(ActivitySource) ? source : base.GetService(serviceType);
}
