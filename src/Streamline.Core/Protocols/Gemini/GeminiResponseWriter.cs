namespace Streamline.Protocols.Gemini;

/// <summary>Writes a response as the chunks of <c>streamGenerateContent</c>.</summary>
/// <remarks>A signature belongs to the part whose text it signs, so the first text of a block waits until it is known whether it is also the last.</remarks>
internal sealed class GeminiResponseWriter : ResponseWriter
{
    private readonly GeminiChunks _chunks;
    private readonly SortedSet<int> _unfinished = [0];
    private (EncodedBlock Block, string Text)? _waiting;
    private TokenUsage? _usage;
    private bool _isBlocked;
    private bool _hasBlocks;

    /// <summary>Initializes a new instance of the <see cref="GeminiResponseWriter"/> class.</summary>
    public GeminiResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn)
        : base(frames, response, isOwn) => _chunks = new GeminiChunks(frames, response);

    public override void Begin() => _chunks.Write(static _ => { });

    public override void Prepare(StreamEvent next)
    {
        if (next is not ContentCompleted)
        {
            Flush();
        }
    }

    public override void Flush()
    {
        if (_waiting is var (block, text))
        {
            _waiting = null;
            WriteText(block, text, raw: null);
        }
    }

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        Action<Utf8JsonWriter>? writeUsage = usage is not null && usage != _usage ? writer => WriteUsage(writer, usage) : null;
        if (!_isBlocked)
        {
            var word = GeminiFinishReasons.Write(completed, IsOwn);
            _chunks.WriteCandidate(choice: 0, writer => writer.WriteString("finishReason"u8, word), writeUsage);
            foreach (var choice in _unfinished.Where(choice => choice > 0))
            {
                _chunks.WriteCandidate(choice, static writer => writer.WriteString("finishReason"u8, "STOP"u8));
            }
        }
        else if (writeUsage is not null)
        {
            // A prompt that was blocked has no answer whose end could be told.
            _chunks.Write(writeUsage);
        }
    }

    public override void WriteUsage(TokenUsage usage)
    {
        _usage = usage;
        _chunks.Write(writer => WriteUsage(writer, usage));
    }

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        var (choice, member) = GeminiMetadataNames.OfCandidate.Read(metadata.Name);
        if (choice is { } number)
        {
            _unfinished.RemoveWhere(unfinished => unfinished == number && member == "finishReason");
            _chunks.WriteCandidate(number, writer => writer.WriteMember(member, metadata.Value));
            return;
        }

        _isBlocked |= member == "promptFeedback" && FinishReasons.IsGiven(metadata.Value.Text("blockReason"u8)) && !_hasBlocks;
        if (member.StartsWith(GeminiMetadataNames.UsagePrefix, StringComparison.Ordinal))
        {
            _chunks.Write(writer => writer.WriteObject("usageMetadata", usage => usage.WriteMember(member[GeminiMetadataNames.UsagePrefix.Length..], metadata.Value)));
        }
        else
        {
            _chunks.Write(writer => writer.WriteMember(member, metadata.Value));
        }
    }

    public override void WritePassedThrough(ProviderEvent passed)
    {
        switch (passed.Name)
        {
            case "part" or "functionCall":
                _chunks.WritePart(choice: 0, writer => writer.WriteRawValue(passed.Data, skipInputValidation: true));
                break;
            case "candidate":
                _chunks.Write(writer =>
                {
                    writer.WriteStartArray("candidates"u8);
                    writer.WriteRawValue(passed.Data, skipInputValidation: true);
                    writer.WriteEndArray();
                });
                break;
            default:
                base.WritePassedThrough(passed);
                break;
        }
    }

    public override void BeginContent(EncodedBlock block) => Open(block);

    public override void WriteText(EncodedBlock block, string text)
    {
        if (block.HasContent)
        {
            WriteText(block, text, raw: null);
        }
        else
        {
            _waiting = (block, text);
        }
    }

    public override void WriteCitation(EncodedBlock block, JsonElement citation)
    {
        _chunks.WriteCandidate(block.Choice, writer => writer.WriteObject("citationMetadata", metadata => metadata.WriteArray("citationSources"u8, citation)));
    }

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (block.Kind is not (ContentKind.Text or ContentKind.Reasoning or ContentKind.Refusal))
        {
            Flush();
            if (raw is { } whole)
            {
                _chunks.WritePart(block.Choice, writer => writer.WriteVerbatim(whole));
            }

            return;
        }

        var signed = raw is { } own && GeminiPart.HasMore(own) ? raw : null;
        if (_waiting is var (waiting, text) && waiting == block && signed is { } beside && beside.Member("text"u8) is null)
        {
            _waiting = null;
            WriteText(block, text, beside);
            return;
        }

        Flush();
        if (signed is not null)
        {
            WriteText(block, "", signed);
        }
        else if (signature is not null)
        {
            WriteText(block, "", JsonWriting.ToElement(writer => writer.WriteString("thoughtSignature"u8, signature)));
        }
    }

    public override void BeginCall(EncodedBlock block) => Open(block);

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        var arguments = FreeFormInput.ArgumentsOf(block.Call!, completed);
        _chunks.WritePart(block.Choice, writer => GeminiFunctionCall.Write(
            writer,
            completed.Name,
            IsOwn ? completed.ProviderData ?? block.Data : null,
            completed.CallId,
            function => ArgumentValues.WriteText(function, "args"u8, arguments)));
    }

    private static void WriteUsage(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WritePropertyName("usageMetadata"u8);
        GeminiUsageWriter.Write(writer, usage);
    }

    private void Open(EncodedBlock block)
    {
        _hasBlocks = true;
        _unfinished.Add(block.Choice);
    }

    private void WriteText(EncodedBlock block, string text, JsonElement? raw) => _chunks.WritePart(block.Choice, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        if (block.Kind == ContentKind.Reasoning && raw?.Member("thought"u8) is null)
        {
            writer.WriteBoolean("thought"u8, true);
        }

        writer.WriteMembers(raw, "text");
        writer.WriteEndObject();
    });
}
