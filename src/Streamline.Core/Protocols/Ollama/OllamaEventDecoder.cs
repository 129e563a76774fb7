using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Decodes the lines of <c>/api/chat</c>, and of <c>/api/generate</c>, which differ in where the text stands.</summary>
/// <remarks>Thinking and text are deltas; a tool call is always whole, and sealed when it comes.</remarks>
internal sealed class OllamaEventDecoder : StreamEventDecoder
{
    private static readonly TemplateRules Rules = new(["created_at"]);

    private readonly ErrorContext _context;
    private readonly DecoderOutput _output;
    private readonly OllamaMemberReporter _members;
    private readonly OllamaContentReader _content;
    private readonly UsageReader _usage = new();
    private bool _isStarted;

    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public OllamaEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
    {
        _context = ErrorContext.InBand(OllamaProtocol.WireName, requestId);
        _output = new DecoderOutput(options, Emit, predicts ? Rules : null);
        _content = new OllamaContentReader(_output);
        _members = new OllamaMemberReporter(new MetadataReporter(_output), _usage);
    }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (!_output.TryAppendKnown(data, out _))
        {
            DecodeText(WithoutField(data), byteOffset);
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        new StreamEnd
        {
            Ending = HasEndMark ? StreamEnding.Done : StreamEnding.Body,
            IsStarted = _isStarted,
            IsEndKnown = false,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = "a line that says it is done",
        }.ThrowIfIncomplete(_context);
        End(reason: null);
    }

    public override void Release() => _output.Release();

    // A proxy may make events of the lines.
    private static ReadOnlySpan<byte> WithoutField(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        return line.StartsWith("data:"u8) ? line["data:"u8.Length..].TrimStart((byte)' ')
            : line.StartsWith(":"u8) ? default
            : line;
    }

    private void DecodeText(ReadOnlySpan<byte> line, long byteOffset)
    {
        if (StreamEnd.IsDone(line))
        {
            HasEndMark = true;
        }
        else if (!StreamEnd.IsHeartbeat(eventType: default, line))
        {
            using var payload = ErrorReader.ParseOrThrow(line, "a line", byteOffset, _context);
            DecodeLine(payload, byteOffset);
        }
    }

    private void DecodeLine(in Payload payload, long byteOffset)
    {
        var root = payload.Root;
        var isDone = root.Member("done"u8) is var done && (done.GetBoolean() == true || done.TextEquals("true"u8));
        var hasContent = isDone || root.Object("message"u8).Exists || root.Member("response"u8).Exists;
        if (ErrorReader.ReadPayload(root, hasContent) is { } error)
        {
            throw error.ToInBandException(_context);
        }

        if (!root.IsObject)
        {
            throw JsonPayload.Invalid($"a line of kind {root.Kind}", "an object", byteOffset);
        }

        if (!hasContent)
        {
            _output.Emit(new ProviderEvent { Name = root.NonEmptyText("status"u8) ?? "line", Data = root.RawText() });
            return;
        }

        _output.BeginPayload();
        Start(root);
        _content.Read(payload);
        _members.Report(root, _content.OpenBlockIndex);
        if (isDone)
        {
            End(root.Member("done_reason"u8).IsString ? root.NonEmptyText("done_reason"u8) : null);
        }

        _output.EndPayload(payload);
    }

    private void Start(PayloadValue root)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        _output.Emit(new ResponseStarted { Provider = OllamaProtocol.WireName, Model = root.NonEmptyText("model"u8), RequestId = _context.RequestId });
    }

    private void End(string? reason)
    {
        _content.Close();
        var usage = _usage.TryTake(out var counts) ? OllamaUsage.Complete(counts) : null;
        if (usage is not null)
        {
            _output.EmitUsage(usage);
        }

        _output.Emit(new ResponseCompleted { FinishReason = FinishReasons.Read(reason, _content.HasCalls), RawFinishReason = reason, Usage = usage });
        IsEnded = true;
    }
}
