using Microsoft.Extensions.DependencyInjection;

namespace Streamline.Tests.Hosting;

public sealed class StreamClientHandlerTests
{
    [Fact]
    public void AddStreamClient_Handler_IsSetUpForStreaming()
    {
        var services = new ServiceCollection();
        services.AddStreamClient("claude", StreamProtocols.Anthropic, options => (options.ApiKey, options.Model) = ("none", "any"));
        using var provider = services.BuildServiceProvider();

        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("claude");
        while (handler is DelegatingHandler outer)
        {
            handler = outer.InnerHandler!;
        }

        var sockets = handler.Should().BeOfType<SocketsHttpHandler>().Subject;
        sockets.PooledConnectionLifetime.Should().Be(TimeSpan.FromMinutes(10), "addresses of providers change");
        sockets.ConnectTimeout.Should().Be(TimeSpan.FromSeconds(10));
        sockets.EnableMultipleHttp2Connections.Should().BeTrue("a connection carries only so many streams at once");
        sockets.AllowAutoRedirect.Should().BeFalse("a redirect takes the key along");
    }
}
