using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>What the body of a reply is made of.</summary>
internal abstract record ReplyContent
{
    /// <summary>Gets the media type when it is not the protocol's; <see langword="null"/> when it is.</summary>
    public virtual string? ContentType => null;

    /// <summary>Gets a value indicating whether the body can be made before it is sent: it has an end, and making it twice does no harm.</summary>
    public virtual bool IsKnown => true;

    /// <summary>Gets the time before a frame.</summary>
    /// <param name="index">The number of the frame, from 0.</param>
    /// <param name="isFirst">Whether no frame before it held anything.</param>
    /// <param name="delay">What the reply says.</param>
    public virtual TimeSpan GetDelay(int index, bool isFirst, TimeSpan delay) => isFirst ? TimeSpan.Zero : delay;

    /// <summary>Makes the body, one frame per event of the script. A frame is valid until the next one is asked for.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol);

    private static IEnumerable<ReadOnlyMemory<byte>> Encode(IEnumerable<StreamEvent> events, FaultPlan faults, StreamProtocol protocol)
    {
        var encoder = protocol.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var streamEvent in events)
        {
            if (count == faults.ErrorAfterEvent)
            {
                break;
            }

            if (faults.OmitTerminalEvent && streamEvent is ResponseCompleted)
            {
                continue;
            }

            output.ResetWrittenCount();
            encoder.Encode(streamEvent, output);
            yield return output.WrittenMemory;
            count++;
        }

        if (faults.ErrorAfterEvent is not { } errorAfter)
        {
            yield break;
        }

        if (count < errorAfter)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The in-band error is planned after event {errorAfter}, but the script has only {count} events."));
        }

        output.ResetWrittenCount();
        encoder.EncodeError(faults.Error.ToException(protocol), output);
        yield return output.WrittenMemory;
    }

    /// <summary>Blocks that were written by their content.</summary>
    public sealed record Parts(ImmutableArray<ReplyPart> Items) : ReplyContent
    {
        public override IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol) =>
            Encode(ToEvents(reply, request, protocol), reply.Faults, protocol);

        public IEnumerable<StreamEvent> ToEvents(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol)
        {
            // Ids hold the number of the request, so that no two calls of a conversation share one.
            var number = (request.Index + 1).ToString(CultureInfo.InvariantCulture);
            yield return new ResponseStarted
            {
                Provider = protocol.Provider,
                Protocol = protocol.Name,
                ResponseId = reply.ResponseId ?? "resp_" + number,
                Model = reply.Model ?? request.Model ?? "scripted-model",
            };
            for (var index = 0; index < Items.Length; index++)
            {
                var callId = string.Create(CultureInfo.InvariantCulture, $"call_{number}_{index + 1}");
                foreach (var streamEvent in Items[index].ToEvents(index, callId, reply.FragmentLength))
                {
                    yield return streamEvent;
                }
            }

            var natural = Items.Any(part => part is ReplyPart.ToolCall) ? FinishReason.ToolCalls : FinishReason.Stop;
            yield return new ResponseCompleted
            {
                FinishReason = reply.FinishReason ?? natural,
                RawFinishReason = reply.RawFinishReason,
                Usage = reply.Usage,
            };
        }
    }

    /// <summary>Events that were given one by one.</summary>
    public sealed record Events(IEnumerable<StreamEvent> Items) : ReplyContent
    {
        public override bool IsKnown => Items is IReadOnlyCollection<StreamEvent>;

        public override IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol) =>
            Encode(Items, reply.Faults, protocol);
    }

    /// <summary>Bytes of any kind.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Body) : ReplyContent
    {
        public override IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol) => [Body];
    }

    /// <summary>The chunks of a recorded body, at the times at which they came.</summary>
    public sealed record Recorded(IReadOnlyList<RecordedChunk> Chunks, double Speed) : ReplyContent
    {
        public override TimeSpan GetDelay(int index, bool isFirst, TimeSpan delay) =>
            double.IsPositiveInfinity(Speed) ? delay : (Chunks[index].At - (index == 0 ? TimeSpan.Zero : Chunks[index - 1].At)) / Speed;

        public override IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol) => Chunks.Select(chunk => chunk.Bytes);
    }

    /// <summary>An error in the form that the protocol has for a status.</summary>
    public sealed record Error(ScriptedError Value) : ReplyContent
    {
        public override string ContentType => "application/json";

        public override IEnumerable<ReadOnlyMemory<byte>> ToFrames(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol)
        {
            var output = new ArrayBufferWriter<byte>();
            protocol.WriteErrorBody(Value.ToException(protocol), output);
            return [output.WrittenMemory];
        }
    }
}
