using System.Buffers;
using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Writes events as a stream of the client's protocol, each as soon as it arrives.</summary>
internal static class StreamedAnswer
{
    /// <summary>How long the upstream may be silent until the client gets a sign of life.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(10);

    /// <remarks>Nothing is sent before the first event is there, so that an error until then can still be an HTTP status. After that it is an event.</remarks>
    public static async Task WriteAsync(HttpResponse response, StreamProtocol protocol, IAsyncEnumerable<StreamEvent> events, TimeProvider time)
    {
        // begin: write
        response.ContentType = protocol.ContentType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no"; // or nginx holds events back
        var encoder = protocol.CreateEncoder();
        var frames = new ArrayBufferWriter<byte>();
        var cancellationToken = response.HttpContext.RequestAborted;
        try
        {
            await foreach (var streamEvent in WithKeepAlives(response, events, time))
            {
                encoder.Encode(streamEvent, frames);
                await SendAsync(response, frames, cancellationToken);
            }
        }
        catch (Exception exception) when (response.HasStarted && !cancellationToken.IsCancellationRequested)
        {
            encoder.EncodeError(GatewayErrors.For(protocol, exception), frames);
            await SendAsync(response, frames, cancellationToken);
        }

        // end: write
    }

    private static async IAsyncEnumerable<StreamEvent> WithKeepAlives(HttpResponse response, IAsyncEnumerable<StreamEvent> events, TimeProvider time)
    {
        var upstream = events.GetAsyncEnumerator();
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = upstream.MoveNextAsync().AsTask();
                while (!await IsDoneAsync(next, time))
                {
                    if (response.HasStarted)
                    {
                        yield return new KeepAlive();
                    }
                }

                if (!await next)
                {
                    yield break;
                }

                yield return upstream.Current;
            }
        }
        finally
        {
            // An enumerator cannot be left while it moves. It ends soon: a keep-alive fails only when the client has gone, and its token with it.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await upstream.DisposeAsync();
        }
    }

    private static async Task<bool> IsDoneAsync(Task next, TimeProvider time)
    {
        try
        {
            await next.WaitAsync(KeepAliveInterval, time);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpResponse response, ArrayBufferWriter<byte> frames, CancellationToken cancellationToken)
    {
        if (frames.WrittenCount > 0)
        {
            await response.Body.WriteAsync(frames.WrittenMemory, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            frames.ResetWrittenCount();
        }
    }
}
