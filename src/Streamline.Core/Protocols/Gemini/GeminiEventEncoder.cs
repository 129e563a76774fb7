using System.Buffers;
using System.Text.Json;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes events as the chunks of <c>streamGenerateContent</c>: what they say of the response. Parts are encoded in the other part.</summary>
internal sealed partial class GeminiEventEncoder(FrameFormat format) : StreamEventEncoder
{
    private readonly GeminiChunkWriter _chunks = new(format);
    private readonly SortedSet<int> _unfinished = [];
    private TokenUsage? _usage;
    private bool _isBlocked;

    /// <inheritdoc/>
    public override void Encode(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        ArgumentNullException.ThrowIfNull(output);
        if (streamEvent is not ContentCompleted)
        {
            Release(output);
        }

        switch (streamEvent)
        {
            case ResponseStarted started:
                Start(started, output);
                break;
            case UsageUpdated updated:
                _usage = updated.Usage;
                _chunks.Write(output, writer => WriteUsage(writer, updated.Usage));
                break;
            case ProviderMetadata metadata when IsOwnWire:
                WriteMetadata(metadata, output);
                break;
            case ProviderEvent passedOn when IsOwnWire:
                WritePassedThrough(passedOn, output);
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            case KeepAlive:
                _chunks.WriteKeepAlive(output);
                break;
            default:
                EncodeBlock(streamEvent, output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        Release(output);
        var payload = new ArrayBufferWriter<byte>();
        GeminiErrorWriter.Write(error, payload);
        _chunks.WriteFrame(output, payload.WrittenSpan);
        _chunks.End(output);
    }

    private bool IsOwnWire => (_chunks.Response?.Wire ?? _chunks.Response?.Provider) == GeminiProtocol.WireName;

    private void Start(ResponseStarted started, IBufferWriter<byte> output)
    {
        _open.Clear();
        _unfinished.Clear();
        _unfinished.Add(0);
        _usage = null;
        _isBlocked = false;
        _hasBlocks = false;
        _chunks.Response = started;
        _chunks.Write(output, static _ => { });
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        Action<Utf8JsonWriter>? writeUsage = completed.Usage is { } usage && usage != _usage ? writer => WriteUsage(writer, usage) : null;

        // A prompt that was blocked has no answer whose end could be told.
        if (_isBlocked)
        {
            if (writeUsage is not null)
            {
                _chunks.Write(output, writeUsage);
            }
        }
        else
        {
            var word = GeminiFinishReasons.Write(completed, IsOwnWire);
            _unfinished.Remove(0);
            _chunks.WriteCandidate(output, choice: 0, writer => writer.WriteString("finishReason"u8, word), writeUsage);
            foreach (var choice in _unfinished)
            {
                _chunks.WriteCandidate(output, choice, static writer => writer.WriteString("finishReason"u8, "STOP"u8));
            }
        }

        _chunks.End(output);
    }

    private void WritePassedThrough(ProviderEvent passedOn, IBufferWriter<byte> output)
    {
        switch (passedOn.Name)
        {
            case "part" or "functionCall":
                _chunks.WritePart(output, choice: 0, writer => writer.WriteRawValue(passedOn.Data, skipInputValidation: true));
                break;
            case "candidate":
                _chunks.Write(output, writer =>
                {
                    writer.WriteStartArray("candidates"u8);
                    writer.WriteRawValue(passedOn.Data, skipInputValidation: true);
                    writer.WriteEndArray();
                });
                break;
            default:
                _chunks.WriteFrame(output, PassedThroughEvent.ObjectOf(passedOn));
                break;
        }
    }

    private void WriteMetadata(ProviderMetadata metadata, IBufferWriter<byte> output)
    {
        var (choice, member) = GeminiMetadataNames.Read(metadata.Name);
        if (choice is { } number)
        {
            _unfinished.RemoveWhere(unfinished => unfinished == number && member == "finishReason");
            _chunks.WriteCandidate(output, number, writer => WriteMember(writer, member, metadata.Value));
            return;
        }

        _isBlocked |= member == "promptFeedback" && FinishReasons.IsGiven(metadata.Value.Text("blockReason"u8)) && !_hasBlocks;
        _chunks.Write(output, writer =>
        {
            if (member.StartsWith(GeminiMetadataNames.UsagePrefix, StringComparison.Ordinal))
            {
                writer.WriteStartObject("usageMetadata"u8);
                WriteMember(writer, member[GeminiMetadataNames.UsagePrefix.Length..], metadata.Value);
                writer.WriteEndObject();
            }
            else
            {
                WriteMember(writer, member, metadata.Value);
            }
        });
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        ContentValues.WriteVerbatim(writer, value);
    }

    private static void WriteUsage(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WritePropertyName("usageMetadata"u8);
        GeminiUsageWriter.Write(writer, usage);
    }
}
