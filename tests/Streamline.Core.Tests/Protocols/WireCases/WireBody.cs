using System.Net.Sockets;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.WireCases;

/// <summary>The body of a response, which ends as <see cref="SocketsHttpHandler"/> ends it.</summary>
internal sealed class WireBody(WireAnswer answer) : Stream
{
    private readonly ChunkedStream _bytes = ChunkedStream.Every(answer.Body, answer.ChunkSize ?? Math.Max(1, answer.Body.Length));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _bytes.ReadAsync(buffer, cancellationToken);
        return count > 0 || buffer.IsEmpty ? count : End();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A client reads asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int End() => answer.Ending switch
    {
        WireEnding.CutChunked => throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
        WireEnding.Reset => throw new IOException("The connection was reset.", new SocketException((int)SocketError.ConnectionReset)),
        _ => 0,
    };
}
