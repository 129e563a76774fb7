namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A part of a message or of reasoning, which is a block of its own.</summary>
internal sealed class OpenAIResponsesPart : ContentBlock
{
    private readonly DecoderOutput _output;
    private long _length;
    private string _latest = "";
    private int _citations;
    private bool _isCompared;

    public OpenAIResponsesPart(DecoderOutput output, ContentKind kind, OpenAIResponsesPartKey? key, RawJson envelope)
        : base(output, kind, providerData: envelope) => (_output, Key) = (output, key);

    /// <summary>Gets or sets the place of the part; <see langword="null"/> while its item has begun and no part of it.</summary>
    public OpenAIResponsesPartKey? Key { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing more will come.</summary>
    public bool IsEnded { get; set; }

    /// <summary>
    /// Adds what the whole text has more than its pieces had: all of it where a server sends no pieces. Events cannot take back, so a text that
    /// differs otherwise is reported beside them.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="text">The whole text.</param>
    public void Compare(in Payload payload, PayloadValue text)
    {
        var slice = text.TextSlice;
        if (!slice.Exists || _isCompared)
        {
            return;
        }

        _isCompared = true;
        if (_length == 0)
        {
            _output.Append(this, slice, payload.Bytes);
            EndText();
            return;
        }

        EndText();
        if (!slice.IsEscaped && Encoding.UTF8.GetCharCount(slice.In(payload.Bytes)) == _length)
        {
            return;
        }

        var whole = text.GetString()!;
        if (whole.Length > _length && whole.AsSpan(0, (int)_length).EndsWith(_latest, StringComparison.Ordinal))
        {
            Show(whole[(int)_length..]);
        }
        else if (whole.Length != _length && whole.Length > 0)
        {
            _output.Emit(new ProviderMetadata("text", text.ToRaw(), Index));
        }
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
