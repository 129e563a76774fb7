using System.IO.Pipelines;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Framing;

/// <summary>Server-sent events as frames. The spans are those of the events: nothing is copied.</summary>
/// <param name="events">The events of the body.</param>
/// <param name="pipe">The pipe of the body where the events do not own it.</param>
internal sealed class SseFrameReader(SseReader events, PipeReader? pipe) : FrameReader
{
    public override long BytesConsumed => events.BytesConsumed;

    public override long BytesReceived => events.BytesReceived;

    public override ReadOnlySpan<byte> StrayText => events.UnrecognizedBytes;

    public override string LastEventId => events.LastEventId;

    public override ValueTask<bool> ReceiveAsync(int maxBytes, CancellationToken cancellationToken) => events.ReceiveAsync(maxBytes, cancellationToken);

    public override bool TryRead(out Frame frame)
    {
        if (!events.TryRead(out var e))
        {
            frame = default;
            return false;
        }

        frame = new Frame(e.Kind == SseEventKind.Comment ? FrameKind.KeepAlive : FrameKind.Message, e.EventType, e.Data, e.Offset);
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        await events.DisposeAsync().ConfigureAwait(false);
        if (pipe is not null)
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }
}
