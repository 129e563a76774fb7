using System.Text;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>Leaving a response that the application received itself, observed on the server's side.</summary>
[Trait("Law", "9")]
public sealed class ReadAsyncLeavingTests
{
    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    public async Task ReadAsync_Break_ClosesTheConnectionWithoutDraining(string protocol)
    {
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Text("one two three four five") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(5) } }));

        // A drain would wait for the server for ever, and the server would never notice.
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = Timeout.InfiniteTimeSpan });
        using var response = await SendAsync(http, host.BaseAddress, protocol);
        await foreach (var streamEvent in Wires.Named(protocol).ReadAsync(await response.Content.ReadAsStreamAsync()))
        {
            if (streamEvent is TextDelta)
            {
                break;
            }
        }

        (await host.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Fact]
    public async Task ReadAsync_EndReached_LeavesTheConnectionForReuse()
    {
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Text("one"), ScriptedReply.Text("two")));
        var connections = 0;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                connections++;
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        for (var i = 0; i < 2; i++)
        {
            using var response = await SendAsync(http, host.BaseAddress, "anthropic");
            (await Wires.Named("anthropic").ReadAsync(await response.Content.ReadAsStreamAsync()).CollectAsync()).Should().NotBeEmpty();
            await host.Provider.Exchanges[i].Completion.OrFail();
        }

        connections.Should().Be(1);
    }

    [Fact]
    public async Task StreamAsync_Failure_EndsTheExchangeBeforeTheEnumeratorIsDisposed()
    {
        var body = new ClosingStream("data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n"u8.ToArray());
        await using var events = StreamProtocols.Anthropic.ReadAsync(body).GetAsyncEnumerator();

        await events.Awaiting(e => e.MoveNextAsync().AsTask()).Should().ThrowAsync<ProviderException>();

        body.IsClosed.Should().BeTrue();
        await events.Awaiting(e => e.MoveNextAsync().AsTask()).Should().ThrowAsync<ProviderException>("the failure stays");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, Uri host, string protocol)
    {
        // What the client of the library sends.
        var recorded = new RecordingHandler();
        using var recording = new HttpClient(recorded);
        await Wires.Named(protocol).CreateClient(recording, new StreamClientOptions { ApiKey = Wires.Key, Model = "m", BaseAddress = Wires.BaseAddressOn(host, protocol) })
            .StreamAsync("Hi").CatchAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, recorded.Address) { Content = new StringContent(recorded.Body, Encoding.UTF8, "application/json") };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private sealed class RecordingHandler : HttpMessageHandler
    {
        public Uri? Address { get; private set; }

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri;
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException("Recorded.");
        }
    }

    private sealed class ClosingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public bool IsClosed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
