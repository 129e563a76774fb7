using System.Net;
using System.Net.Sockets;

namespace Streamline.Testing.Tests;

[Trait("Law", "9")]
public class ScriptedProviderHostTests
{
    [Fact]
    public async Task StartAsync_SeveralHosts_HavePortsOfTheirOwnOnLoopback()
    {
        await using var one = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Raw("1")));
        await using var two = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Raw("2")));

        one.BaseAddress.Host.Should().Be("127.0.0.1");
        one.BaseAddress.AbsolutePath.Should().Be("/");
        one.BaseAddress.Port.Should().NotBe(two.BaseAddress.Port).And.BePositive();
    }

    [Fact]
    public async Task DisposeAsync_ReplyInFlight_BreaksItAndLeavesNothing()
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw("0123") with { Faults = new FaultPlan { StallAt = FaultPoint.AtByte(2) } });
        var host = await ScriptedProviderHost.StartAsync(provider);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/messages"), HttpCompletionOption.ResponseHeadersRead).OrFail();
        await provider.Exchanges[0].Stalled.OrFail();

        await host.DisposeAsync().AsTask().OrFail();

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Aborted);
        (await ProviderClient.ReadAllAsync(response)).Failure.Should().BeAssignableTo<IOException>();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var connect = () => socket.ConnectAsync(IPAddress.Loopback, host.BaseAddress.Port);
        await connect.Should().ThrowAsync<SocketException>();
        await host.DisposeAsync().AsTask().OrFail();
    }

    [Fact]
    public async Task DisposeAsync_ClientThatDoesNotRead_IsNotWaitedFor()
    {
        var body = new byte[64 * 1024 * 1024];
        var provider = new ScriptedProvider(ScriptedReply.Raw(body) with { Faults = new FaultPlan { ChunkSize = 64 * 1024 } });
        var host = await ScriptedProviderHost.StartAsync(provider);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/messages"), HttpCompletionOption.ResponseHeadersRead).OrFail();

        await host.DisposeAsync().AsTask().OrFail();

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Aborted);
        provider.Exchanges[0].BytesWritten.Should().BeLessThan(body.Length, "a client that does not read holds the writer back");
    }
}
