using System.Buffers;
using Streamline.Framing;

namespace Streamline;

/// <summary>Reads the body of an answer that is not a stream, within limits on bytes and time.</summary>
internal static class ErrorBody
{
    /// <summary>Reads what comes within the bounds, and ends the exchange when that is not all.</summary>
    /// <param name="content">The content of the answer.</param>
    /// <param name="maxBytes">How much is read.</param>
    /// <param name="timeout">How long is waited for it.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The beginning of the body. The status alone tells of the error, so a body that stalls or is cut does not hide it.</returns>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content, int maxBytes, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = limit.CancelSafelyAfter(timeout, timeProvider);
        var read = new ArrayBufferWriter<byte>();
        try
        {
            var body = await content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            if (!await TryReadWholeAsync(body, read, maxBytes, limit.Token).ConfigureAwait(false))
            {
                await ResponseBody.AbortAsync(body).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
        catch (Exception)
        {
            // What has arrived must do: the body may stall, be cut, or be corrupt where it was compressed.
        }

        return read.WrittenMemory;
    }

    private static async Task<bool> TryReadWholeAsync(Stream body, ArrayBufferWriter<byte> read, int maxBytes, CancellationToken cancellationToken)
    {
        while (read.WrittenCount < maxBytes)
        {
            var room = read.GetMemory();
            room = room[..Math.Min(room.Length, maxBytes - read.WrittenCount)];
            var count = await body.ReadAsync(room, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return true;
            }

            read.Advance(count);
        }

        return false;
    }
}
