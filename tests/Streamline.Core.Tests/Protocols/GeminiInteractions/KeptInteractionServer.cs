using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Serves an interaction over sockets, one response per connection. A response that breaks off is closed within a chunk of its body.</summary>
internal sealed class KeptInteractionServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly KeptInteraction _interaction;
    private readonly List<(Socket Connection, Task Answering)> _connections = [];
    private readonly Task _serving;
    private volatile bool _isStopped;

    public KeptInteractionServer(KeptInteraction interaction)
    {
        _interaction = interaction;
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1beta/");

    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        _listener.Stop();
        await _serving;
        foreach (var (connection, answering) in _connections)
        {
            connection.Dispose();
            await answering;
        }
    }

    private async Task ServeAsync()
    {
        while (!_isStopped)
        {
            try
            {
                // A client may open a connection that it does not use.
                var connection = await _listener.AcceptSocketAsync();
                _connections.Add((connection, AnswerAsync(connection)));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener was stopped, or the client has left at once.
            }
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        connection.NoDelay = true;
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (await ReadRequestAsync(stream) is not [var method, var path, ..])
            {
                return;
            }

            var (body, isCut) = _interaction.Answer(method, path);
            var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
            var length = body.Length + (isCut ? 1 : 0);
            var chunk = length == 0 ? "" : length.ToString("x", CultureInfo.InvariantCulture) + "\r\n";
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head + chunk), .. body, .. isCut ? [] : "\r\n0\r\n\r\n"u8.ToArray()]);
            connection.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client has left: it has all that it wanted.
        }
    }

    /// <summary>Reads a request to its end, and gives the parts of its first line.</summary>
    private static async Task<string[]> ReadRequestAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var line = await reader.ReadLineAsync();
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(header["Content-Length:".Length..], CultureInfo.InvariantCulture);
            }
        }

        if (length > 0)
        {
            await reader.ReadBlockAsync(new char[length]);
        }

        return line?.Split(' ') ?? [];
    }
}
