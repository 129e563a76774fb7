using System.Globalization;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>One answer of a response: its open block, its tool calls, and how it ended.</summary>
internal sealed class GeminiCandidate(DecoderOutput output, int number)
{
    // Far more than any answer cites.
    private const int MaxComparedCitations = 1024;

    private static readonly JsonElement Thought = JsonElement.Parse("""{"thought":true}"""u8);

    private readonly OpenContent _content = new(output, number);
    private readonly HashSet<string> _citations = new(StringComparer.Ordinal);
    private GeminiStreamedCall? _call;

    public int Number { get; } = number;

    /// <summary>Gets the wire's word for why the answer ended; <see langword="null"/> as long as it gave none.</summary>
    public string? FinishReason { get; private set; }

    public bool HasCalls { get; private set; }

    /// <summary>Gets the index of the open block; <see langword="null"/> when there is none.</summary>
    public int? OpenBlockIndex => _content.Index;

    /// <summary>Adds the next part.</summary>
    public void Add(in ParsedPayload payload, JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            output.Emit(new ProviderEvent { Name = "part", Data = part.RawText() });
        }
        else if (part.Object("functionCall"u8) is { } call)
        {
            AddCall(payload, part, call);
        }
        else if (part.Member("text"u8) is { ValueKind: JsonValueKind.String } text)
        {
            AddText(payload, part, text);
        }
        else if (part.GetPropertyCount() > 0)
        {
            EndCall(reason: null);
            var isResult = part.Member("codeExecutionResult"u8) is not null || part.Member("toolResponse"u8) is not null;
            _content.AddWhole(isResult ? ContentKind.ServerToolResult : ContentKind.Other, part.Clone());
        }
    }

    /// <summary>Adds citations of the text; a list may be sent again with more in it.</summary>
    /// <returns><see langword="false"/> when there is no open text that they could speak of.</returns>
    public bool TryAddCitations(JsonElement metadata)
    {
        if (_content is not { Kind: ContentKind.Text, Index: { } index })
        {
            return false;
        }

        foreach (var citation in metadata.Items("citationSources"u8).Concat(metadata.Items("citations"u8)))
        {
            if (_citations.Count >= MaxComparedCitations || _citations.Add(citation.RawText()))
            {
                output.Emit(new CitationAdded { Index = index, Citation = citation.Clone() });
            }
        }

        return true;
    }

    /// <summary>Notes why the answer ended. Some servers say so with every chunk, so that the open block stays open.</summary>
    public void Finish(string word)
    {
        FinishReason = word;
        EndCall(word == "STOP" ? null : "The response ended before the end of the call.");
    }

    /// <summary>Ends what is open at the end of the response.</summary>
    public void End()
    {
        EndCall(reason: null);
        _content.Close();
    }

    private void AddText(in ParsedPayload payload, JsonElement part, JsonElement text)
    {
        var isThought = GeminiPart.IsThought(part);
        var kind = isThought ? ContentKind.Reasoning : ContentKind.Text;
        if (GeminiPart.HasMore(part))
        {
            EndCall(reason: null);
            AddSigned(payload, part, text, kind);
        }
        else if (!text.ValueEquals(""u8))
        {
            EndCall(reason: null);
            _content.Append(payload, kind, text, isThought ? Thought : null);
        }
    }

    // A signature stays with the part that it came with, and no such part is merged with another. A part without text
    // speaks of the text before it, and goes back as a part of its own after it.
    private void AddSigned(in ParsedPayload payload, JsonElement part, JsonElement text, ContentKind kind)
    {
        var isEmpty = text.ValueEquals(""u8);
        if (!isEmpty || _content.Kind != kind)
        {
            _content.Open(kind, raw: null);
        }

        _content.Append(payload, kind, text);
        _content.Close(
            kind == ContentKind.Reasoning ? part.NonEmptyText("thoughtSignature"u8) : null,
            isEmpty ? part.Clone() : GeminiPart.WithoutText(part));
    }

    private void AddCall(in ParsedPayload payload, JsonElement part, JsonElement call)
    {
        var mayContinue = call.Member("willContinue"u8)?.ValueKind == JsonValueKind.True;
        var isStreamed = mayContinue || call.Items("partialArgs"u8).Any();
        if (call.NonEmptyText("name"u8) is { } name)
        {
            EndCall(reason: null);
            _content.Close();
            HasCalls = true;
            var started = Start(part, call, name);
            if (!isStreamed)
            {
                WholeToolCall.Emit(output, payload, started, call.Member("args"u8));
                return;
            }

            _call = new GeminiStreamedCall(output, started);
        }
        else
        {
            _call?.AddData(part);
        }

        if (_call is null)
        {
            // The empty end of a call that has ended already says nothing.
            if (call.GetPropertyCount() > 0 || part.GetPropertyCount() > 1)
            {
                output.Emit(new ProviderEvent { Name = "functionCall", Data = part.RawText() });
            }

            return;
        }

        foreach (var piece in call.Items("partialArgs"u8))
        {
            _call.Add(payload, piece);
        }

        if (!mayContinue)
        {
            EndCall(reason: null);
        }
    }

    private ToolCallStarted Start(JsonElement part, JsonElement call, string name)
    {
        var index = output.NextIndex();
        return new ToolCallStarted
        {
            Index = index,
            CallId = call.NonEmptyText("id"u8) ?? MakeId(index),
            Name = name,
            ProviderData = GeminiPart.WithoutArguments(part),
            Choice = Number,
        };
    }

    private void EndCall(string? reason)
    {
        _call?.End(reason);
        _call = null;
    }

    // The same for the same response, and another in every response of a conversation.
    private string MakeId(int index) => string.IsNullOrEmpty(output.ResponseId)
        ? string.Create(CultureInfo.InvariantCulture, $"call_{index}")
        : string.Create(CultureInfo.InvariantCulture, $"call_{output.ResponseId}_{index}");
}
