using System.Net.Sockets;

namespace Streamline.Chaos.Leaks;

/// <summary>Counts the connections of HTTP clients that are open.</summary>
internal sealed class CountedConnections
{
    private int _open;
    private int _total;

    /// <summary>Gets how many connections are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Gets how many connections were opened.</summary>
    public int Total => Volatile.Read(ref _total);

    /// <summary>Creates a handler whose connections are counted.</summary>
    public SocketsHttpHandler CreateHandler() => new() { ConnectCallback = ConnectAsync, AllowAutoRedirect = false };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _total);
        return new CountedStream(socket, this);
    }

    private sealed class CountedStream(Socket socket, CountedConnections owner) : NetworkStream(socket, ownsSocket: true)
    {
        private int _isClosed;

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._open);
            }

            base.Dispose(disposing);
        }
    }
}
