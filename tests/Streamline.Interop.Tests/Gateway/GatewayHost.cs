using GatewaySample;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Interop.Tests.Gateway;

/// <summary>The gateway of the sample on a free port of the loopback interface.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app) => _app = app;

    public Uri BaseAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a gateway whose upstream is a scripted provider that speaks a wire.</summary>
    public static Task<GatewayHost> StartAsync(ScriptedProvider provider, StreamProtocol upstreamWire, params IReadOnlyList<string> models) =>
        StartAsync(upstreamWire.CreateClient(new HttpClient(provider.CreateHandler(upstreamWire)), "upstream-key"), TimeProvider.System, models);

    public static async Task<GatewayHost> StartAsync(IStreamClient upstream, TimeProvider time, params IReadOnlyList<string> models)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGateway(new GatewaySample.Gateway(upstream, models, time));
        await app.StartAsync();
        return new GatewayHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
