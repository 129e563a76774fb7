using System.Net;
using System.Net.Sockets;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>A server that floods its client with bytes that make no event is left at the limit and at the token.</summary>
public sealed class FloodOverSocketTests
{
    private const int Limit = 1024 * 1024;

    // What the buffers of both sockets hold, and what HttpClient drains: the server has sent it, and nobody has read it.
    private const int MaxInFlight = 24 * 1024 * 1024;

    [Theory]
    [InlineData("anthropic", false)]
    [InlineData("anthropic", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    [InlineData("bedrock", false)]
    [InlineData(nameof(StreamProtocols.GeminiJsonArray), true)]
    [Trait("Law", "8")]
    [Trait("Law", "9")]
    public async Task StreamAsync_Flood_StopsAndClosesTheConnection(string protocol, bool isCancelled)
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new FloodServer(Flood.Named(protocol), "\n", isCancelled ? cancellation.Cancel : null);
        using var http = new HttpClient();
        var client = Flood.Named(protocol).CreateClient(http, new StreamClientOptions
        {
            ApiKey = Wires.Key,
            Model = "m",
            BaseAddress = server.BaseAddress,
            Read = new StreamReadOptions { MaxEventBytes = StreamReadOptions.HighestEventBytes, MaxResponseBytes = isCancelled ? long.MaxValue : Limit },
        });

        var (_, exception) = await client.StreamAsync("Hi", cancellationToken: cancellation.Token).CatchAsync();

        exception.Should().BeAssignableTo(isCancelled ? typeof(OperationCanceledException) : typeof(StreamLimitException));
        (await server.BytesSent.OrFail()).Should().BeInRange(Limit, Limit + MaxInFlight);
    }

    /// <summary>Answers one request with a response that never ends.</summary>
    private sealed class FloodServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Action? _atLimit;

        public FloodServer(StreamProtocol protocol, string pattern, Action? atLimit)
        {
            _atLimit = atLimit;
            _listener.Start();
            BaseAddress = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            BytesSent = Task.Run(() => ServeAsync(protocol, Flood.Bytes(protocol.FrameFormat, pattern)));
        }

        public Uri BaseAddress { get; }

        /// <summary>How many bytes were sent before the client closed the connection.</summary>
        public Task<long> BytesSent { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await BytesSent.OrFail();
        }

        private async Task<long> ServeAsync(StreamProtocol protocol, byte[] pattern)
        {
            using var socket = await _listener.AcceptSocketAsync();
            await ReadRequestAsync(socket);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {protocol.ContentType}\r\nConnection: close\r\n\r\n"));
            await socket.SendAsync(Flood.Head(protocol));
            var bytes = new byte[pattern.Length * (FrameReader.MaxReadBytes / pattern.Length)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = pattern[i % pattern.Length];
            }

            return await SendAsync(socket, bytes);
        }

        private async Task<long> SendAsync(Socket socket, byte[] bytes)
        {
            var (sent, isPastLimit) = (0L, false);
            try
            {
                while (true)
                {
                    sent += await socket.SendAsync(bytes);
                    if (!isPastLimit && sent > Limit)
                    {
                        isPastLimit = true;
                        _atLimit?.Invoke();
                    }
                }
            }
            catch (SocketException)
            {
                return sent;
            }
        }

        private static async Task ReadRequestAsync(Socket socket)
        {
            var request = new byte[64 * 1024];
            var count = 0;
            while (!Encoding.ASCII.GetString(request, 0, count).Contains("\"stream\"", StringComparison.Ordinal) && !request.AsSpan(0, count).EndsWith("}"u8))
            {
                count += await socket.ReceiveAsync(request.AsMemory(count));
            }
        }
    }
}
