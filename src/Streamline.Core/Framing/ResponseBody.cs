using System.IO.Compression;

namespace Streamline.Framing;

/// <summary>Ends HTTP exchanges whose body is left before its end.</summary>
internal static class ResponseBody
{
    // In all less than one read of a body, so that a server that floods its client gains no more than one further read.
    private const int BufferBytes = 15 * 1024;
    private const int MaxReads = 4;

    /// <summary>Tells whether a stream is the body of a response of <see cref="HttpClient"/>, decompressed or not.</summary>
    /// <param name="body">The stream.</param>
    public static bool IsOne(Stream body) => body switch
    {
        GZipStream gzip => IsOne(gzip.BaseStream),
        BrotliStream brotli => IsOne(brotli.BaseStream),
        ZLibStream zlib => IsOne(zlib.BaseStream),
        DeflateStream deflate => IsOne(deflate.BaseStream),
        _ => body.GetType().Assembly == typeof(HttpClient).Assembly,
    };

    /// <summary>
    /// Ends an exchange at once. Disposing a body on HTTP/1.1 first drains it, in order to reuse the connection, and keeps a stalled server busy
    /// for seconds. Cancelling a read that waits closes the connection.
    /// </summary>
    /// <param name="body">The body of the response, which nobody else reads.</param>
    public static async ValueTask AbortAsync(Stream body)
    {
        using var abort = new CancellationTokenSource();
        var buffer = new byte[BufferBytes];
        try
        {
            for (var reads = 0; reads < MaxReads; reads++)
            {
                var read = body.ReadAsync(buffer, abort.Token);
                if (!read.IsCompleted)
                {
                    await abort.CancelSafelyAsync().ConfigureAwait(false);
                }

                if (await read.ConfigureAwait(false) == 0)
                {
                    return;
                }
            }
        }
        catch (Exception)
        {
            // The connection is closed, as intended, or the body is corrupt, which no longer matters.
        }
    }
}
