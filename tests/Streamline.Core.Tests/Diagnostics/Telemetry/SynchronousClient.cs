using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>A client whose events are there at once.</summary>
internal sealed class SynchronousClient(int count) : IStreamClient
{
    private static readonly TextDelta Delta = Words("x");

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => StreamFold.Create((_, _) => Read(), 0, cancellationToken);

#pragma warning disable CS1998 // It never waits.
    private async IAsyncEnumerable<StreamEvent> Read()
#pragma warning restore CS1998
    {
        for (var i = 0; i < count; i++)
        {
            yield return Delta;
        }
    }
}
