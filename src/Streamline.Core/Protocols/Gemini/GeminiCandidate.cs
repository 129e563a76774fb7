namespace Streamline.Protocols.Gemini;

/// <summary>One answer of a response: its open block, its tool calls, and how it ended.</summary>
internal sealed class GeminiCandidate(DecoderOutput output, int number) : IChunkAnswer
{
    // Far more than any answer cites.
    private const int MaxComparedCitations = 1024;

    private static readonly RawJson Thought = JsonElement.Parse("""{"thought":true}"""u8);

    private readonly OpenContent _content = new(output, number);
    private readonly HashSet<string> _citations = new(StringComparer.Ordinal);
    private GeminiStreamedCall? _call;

    public int Number { get; } = number;

    /// <summary>Gets the provider's word for why the answer ended; <see langword="null"/> as long as it gave none.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Gets a value indicating whether the answer went on after a finish reason: then that does not say that it is whole.</summary>
    public bool HasContinued { get; private set; }

    public bool HasCalls { get; private set; }

    /// <summary>Gets the index of the open block; <see langword="null"/> when there is none.</summary>
    public int? OpenBlockIndex => _content.Index;

    /// <summary>Adds the next part.</summary>
    public void Add(in Payload payload, PayloadValue part)
    {
        HasContinued |= FinishReason is not null;
        var call = part.Member("functionCall"u8);
        var text = part.Member("text"u8);
        if (!part.IsObject)
        {
            output.Emit(new ProviderEvent { Name = "part", Data = part.RawText() });
        }
        else if (call.IsObject)
        {
            AddCall(payload, part, call);
        }
        else if (call.Exists)
        {
            output.Emit(new ProviderEvent { Name = "functionCall", Data = part.RawText() });
        }
        else if (text.Exists && !text.IsObject && !text.IsArray)
        {
            AddText(payload, part, text);
        }
        else if (part.Count() > 0)
        {
            EndCall(reason: null);
            var isResult = part.Member("codeExecutionResult"u8).Exists || part.Member("toolResponse"u8).Exists;
            _content.AddWhole(isResult ? ContentKind.ServerToolResult : ContentKind.Other, part.ToRaw());
        }
    }

    /// <summary>Adds citations of the text; a list may be sent again with more in it.</summary>
    /// <returns><see langword="false"/> when there is no open text that they could cite for.</returns>
    public bool TryAddCitations(PayloadValue metadata)
    {
        if (_content is not { Kind: ContentKind.Text, Index: { } index })
        {
            return false;
        }

        AddCitations(metadata.Array("citationSources"u8), index);
        AddCitations(metadata.Array("citations"u8), index);
        return true;
    }

    /// <summary>Notes why the answer ended. Some servers say so with every chunk, so that the open block stays open.</summary>
    public void Finish(string word)
    {
        FinishReason = word = FinishReasons.Later(FinishReason, word);
        output.ForgetShapes(); // More text says that the reason was not the last word.
        EndCall(word == "STOP" ? null : "The response ended before the end of the call.");
    }

    /// <summary>Ends what is open at the end of the response.</summary>
    public void End()
    {
        EndCall(reason: null);
        _content.Close();
    }

    private static bool IsTrue(PayloadValue value) => value.GetBoolean() == true || value.TextEquals("true"u8);

    // A part of text that carries more than text must not be merged with the parts around it.
    private static bool HasMore(PayloadValue part)
    {
        foreach (var member in part.Members)
        {
            if (!member.Value.IsMissing && !member.NameEquals("text"u8) && !member.NameEquals("thought"u8))
            {
                return true;
            }
        }

        return false;
    }

    private void AddCitations(PayloadValue citations, int index)
    {
        foreach (var citation in citations.Items)
        {
            if (_citations.Count >= MaxComparedCitations || _citations.Add(citation.RawText()))
            {
                output.Emit(new CitationAdded(index, citation.ToRaw()));
            }
        }
    }

    private void AddText(in Payload payload, PayloadValue part, PayloadValue text)
    {
        var isThought = IsTrue(part.Member("thought"u8));
        var kind = isThought ? ContentKind.Reasoning : ContentKind.Text;
        if (HasMore(part))
        {
            EndCall(reason: null);
            AddSigned(payload, part, text, kind);
        }
        else if (!text.IsEmpty())
        {
            EndCall(reason: null);
            _content.Append(payload, kind, text, isThought ? Thought : null);
        }
    }

    // A signature stays with the part that it came with, and no such part is merged with another. A part without text
    // signs the text before it, and goes back as a part of its own after it.
    private void AddSigned(in Payload payload, PayloadValue part, PayloadValue text, ContentKind kind)
    {
        if (!text.IsEmpty() || _content.Kind != kind)
        {
            _content.Open(kind, raw: null);
        }

        _content.Append(payload, kind, text);
        _content.Close(
            kind == ContentKind.Reasoning ? part.NonEmptyText("thoughtSignature"u8) : null,
            text.IsEmpty() ? part.ToRaw() : GeminiPart.WithoutText(part));
    }

    private void AddCall(in Payload payload, PayloadValue part, PayloadValue call)
    {
        var mayContinue = IsTrue(call.Member("willContinue"u8));
        var pieces = call.Member("partialArgs"u8);
        if (call.NonEmptyText("name"u8) is { } name)
        {
            EndCall(reason: null);
            _content.Close();
            HasCalls = true;
            var data = GeminiPart.WithoutArguments(part);
            if (!mayContinue && pieces.IsEmpty())
            {
                WholeToolCall.Emit(output, payload, call.Member("id"u8), name, call.Member("args"u8), data, Number);
                return;
            }

            _call = new GeminiStreamedCall(output, WholeToolCall.IdOf(call.Member("id"u8)), name, data, Number);
        }
        else
        {
            _call?.AddData(part);
        }

        if (_call is null)
        {
            // The empty end of a call that has ended already says nothing.
            if (call.Count() > 0 || part.Count() > 1)
            {
                output.Emit(new ProviderEvent { Name = "functionCall", Data = part.RawText() });
            }

            return;
        }

        AddPieces(payload, pieces);
        if (!mayContinue)
        {
            EndCall(reason: null);
        }
    }

    private void AddPieces(in Payload payload, PayloadValue pieces)
    {
        if (!pieces.IsArray && !pieces.IsMissing)
        {
            _call!.Add(payload, pieces);
        }

        foreach (var piece in pieces.Items)
        {
            _call!.Add(payload, piece);
        }
    }

    private void EndCall(string? reason)
    {
        _call?.End(reason);
        _call = null;
    }
}
