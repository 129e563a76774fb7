namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A part of a message or of reasoning, which is a block of its own.</summary>
internal sealed class OpenAIResponsesPart : ContentBlock
{
    private readonly DecoderOutput _output;
    private long _length;
    private string _latest = "";
    private int _citations;
    private int _comparedBytes = -1;

    /// <summary>Opens a part.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="key">Its place.</param>
    /// <param name="envelope">The item without its parts.</param>
    /// <param name="earlier">The completed part that this one continues; <see langword="null"/> for a part that begins.</param>
    public OpenAIResponsesPart(DecoderOutput output, ContentKind kind, OpenAIResponsesPartKey? key, RawJson envelope, OpenAIResponsesPart? earlier = null)
        : base(output, kind, providerData: envelope)
    {
        (_output, Key) = (output, key);
        if (earlier is not null)
        {
            (_length, _latest, _citations) = (earlier._length, earlier._latest, earlier._citations);
        }
    }

    /// <summary>Gets or sets the place of the part; <see langword="null"/> while its item has begun and no part of it.</summary>
    public OpenAIResponsesPartKey? Key { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing more will come.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Adds what the whole text has more than its pieces had: all of it where a server sends no pieces.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="text">The whole text.</param>
    public void Compare(in Payload payload, PayloadValue text)
    {
        if (_length == 0 && text.TextSlice is { Exists: true } slice)
        {
            _comparedBytes = slice.Length;
            _output.Append(this, slice, payload.Bytes);
            EndText();
        }
        else if (FindRest(payload, text) is { } rest)
        {
            Show(rest);
        }
    }

    /// <summary>
    /// Finds what the whole text has more than its pieces had; <see langword="null"/> for nothing. Events cannot take back, so a text that differs
    /// otherwise is reported beside them. The provider repeats the whole several times, and each text is compared once.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="text">The whole text.</param>
    public string? FindRest(in Payload payload, PayloadValue text)
    {
        var slice = text.TextSlice;
        if (!slice.Exists || slice.Length == _comparedBytes)
        {
            return null;
        }

        _comparedBytes = slice.Length;
        EndText();
        if (!slice.IsEscaped && Encoding.UTF8.GetCharCount(slice.In(payload.Bytes)) == _length)
        {
            return null;
        }

        var whole = text.GetString()!;
        if (whole.Length > _length && whole.AsSpan(0, (int)_length).EndsWith(_latest, StringComparison.Ordinal))
        {
            return whole[(int)_length..];
        }

        if (whole.Length != _length && whole.Length > 0)
        {
            _output.Emit(new ProviderMetadata("text", text.ToRaw(), Index));
        }

        return null;
    }

    /// <summary>Adds a text that came after the end of what this part continues.</summary>
    public void AddRest(string text)
    {
        Show(text);
        IsEnded = true;
    }

    /// <summary>Adds the citations that did not come in events of their own.</summary>
    public void AddRest(PayloadValue citations)
    {
        var known = _citations;
        foreach (var citation in citations.Items)
        {
            if (known-- <= 0)
            {
                Add(citation);
            }
        }
    }

    public void Add(PayloadValue citation)
    {
        _citations++;
        _output.Emit(new CitationAdded(Index, citation.ToRaw()));
    }

    public void Complete(RawJson raw, string? signature)
    {
        (Raw, Signature) = (raw, signature);
        Complete();
    }

    protected override void Show(string text)
    {
        _length += text.Length;
        _latest = text;
        base.Show(text);
    }
}
