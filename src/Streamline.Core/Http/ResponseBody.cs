namespace Streamline;

/// <summary>Ends exchanges over HTTP.</summary>
internal static class ResponseBody
{
    private const int BufferBytes = 16 * 1024;
    private const int MaxReads = 64;

    /// <summary>
    /// Ends an exchange at once. Disposing a body on HTTP/1.1 first drains it, in the hope of using the connection again, and
    /// keeps a stalled server busy for seconds; a read that is cancelled while it waits closes the connection.
    /// </summary>
    /// <param name="body">The body of the response, which nobody reads any more.</param>
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
                    await abort.CancelAsync().ConfigureAwait(false);
                }

                if (await read.ConfigureAwait(false) == 0)
                {
                    return;
                }
            }
        }
        catch (Exception)
        {
            // The connection is closed, which is what was wanted, or the body spoilt, which nobody wants to know any more.
        }
    }
}
