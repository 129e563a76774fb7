namespace Streamline.Protocols.Ollama;

/// <summary>Decodes the lines of <c>/api/chat</c>, and of <c>/api/generate</c>, which differ in where the text stands.</summary>
/// <remarks>Thinking and text are deltas; a tool call is always whole, and sealed when it comes.</remarks>
internal sealed class OllamaEventDecoder : ProtocolDecoder
{
    private static readonly TemplateRules Rules = new("created_at");

    private readonly OllamaMemberReporter _members;
    private readonly OllamaContentReader _content;

    /// <summary>Initializes a new instance of the <see cref="OllamaEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public OllamaEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
        : base(OllamaProtocol.ProtocolName, requestId, options, predicts ? Rules : null)
    {
        _content = new OllamaContentReader(Output);
        _members = new OllamaMemberReporter(Metadata, Usage);
    }

    protected override string Missing => "a line with \"done\": true";

    // A reason may be missing; only the line that is done says that the answer is whole.
    protected override bool IsEndKnown => false;

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset) =>
        base.Decode(eventType: default, WithoutField(data), byteOffset);

    protected override void EndWithBody() => End(reason: null);

    // A proxy may make events of the lines.
    private static ReadOnlySpan<byte> WithoutField(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        return line.StartsWith("data:"u8) ? line["data:"u8.Length..].TrimStart((byte)' ')
            : line.StartsWith(":"u8) || line.StartsWith("event:"u8) || line.StartsWith("id:"u8) || line.StartsWith("retry:"u8) ? default
            : line;
    }

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        var root = payload.Root;
        var isDone = root.Member("done"u8) is var done && (done.GetBoolean() == true || done.TextEquals("true"u8));
        // The events of other protocols have such members too, beside a type, which no line has.
        var hasContent = isDone || (!root.Member("type"u8).IsString && (root.Object("message"u8).Exists || root.Member("response"u8).Exists));
        ThrowIfError(root, hasContent);
        if (!hasContent)
        {
            PassThrough(root.NonEmptyText("status"u8) ?? "line", payload);
            return;
        }

        Start(id: null, root.NonEmptyText("model"u8));
        _content.Read(payload);
        _members.Report(root, _content.OpenBlockIndex);
        if (isDone)
        {
            End(root.Member("done_reason"u8).IsString ? root.NonEmptyText("done_reason"u8) : null);
        }
    }

    private void End(string? reason)
    {
        _content.Close();
        var usage = Usage.TryTake(out var counts) ? OllamaUsage.Complete(counts) : null;
        if (usage is not null)
        {
            Output.EmitUsage(usage);
        }

        End(new ResponseCompleted { FinishReason = FinishReasons.Read(reason, _content.HasCalls), RawFinishReason = reason, Usage = usage });
    }
}
