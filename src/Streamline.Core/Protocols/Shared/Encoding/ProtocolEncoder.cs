using System.Buffers;

namespace Streamline.Protocols.Shared;

/// <summary>The encoder of every protocol. Each response has an encoder and a writer of its own, so that nothing of an interrupted response remains in the next one.</summary>
/// <param name="protocol">The name of the protocol.</param>
/// <param name="frames">Where frames are written.</param>
/// <param name="createWriter">Makes the writer of a response, and is told whether the response came over this protocol.</param>
/// <param name="writeError">Writes an error inside a stream.</param>
internal sealed class ProtocolEncoder(
    string protocol, FrameOutput frames, Func<ResponseStarted, bool, ResponseWriter> createWriter, Action<ProviderException> writeError) : StreamEventEncoder
{
    // Far more than any provider sends before a response. What goes past it is dropped.
    private const int MaxEarlyEvents = 256;

    // What was passed through before the response began: only that says over which protocol it came.
    private readonly List<ProviderEvent> _early = [];
    private ResponseEncoder? _response;

    /// <inheritdoc/>
    public override void Encode(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        ArgumentNullException.ThrowIfNull(output);
        frames.SetTarget(output);
        if (streamEvent is ResponseStarted started)
        {
            Start(started);
        }
        else if (_response is null)
        {
            EncodeEarly(streamEvent);
        }
        else if (streamEvent is StreamResumed { Protocol: { } other })
        {
            _response.Resume(isOwn: other == protocol);
        }
        else if (ResponseEncoder.IsOfResponse(streamEvent))
        {
            _response.Encode(streamEvent);
            if (streamEvent is ResponseCompleted)
            {
                End();
            }
        }
    }

    /// <inheritdoc/>
    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        Flush(output);
        writeError(error);
        _early.Clear();
        End();
    }

    /// <inheritdoc/>
    public override void Flush(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        frames.SetTarget(output);
        _response?.Flush();
    }

    private void Start(ResponseStarted started)
    {
        var isOwn = started.Protocol == protocol;
        var writer = createWriter(started, isOwn);
        _response = new ResponseEncoder(writer);
        foreach (var early in _early.Where(_ => isOwn))
        {
            writer.WritePassedThrough(early);
        }

        _early.Clear();
        writer.Flush();
        writer.Begin();
    }

    private void EncodeEarly(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case KeepAlive:
                frames.WriteKeepAlive();
                break;
            case ProviderEvent passed when _early.Count < MaxEarlyEvents:
                _early.Add(passed);
                break;
            case ProviderEvent:
                break;
            case var _ when ResponseEncoder.IsOfResponse(streamEvent):
                throw new InvalidOperationException($"{streamEvent.GetType().Name} came before ResponseStarted.");
            default:
                break;
        }
    }

    private void End()
    {
        _response = null;
        frames.End();
    }
}
