namespace Streamline.Protocols.Cohere;

/// <summary>
/// The content of a message: contents that begin and end by events of their own and are known by their index, and the plan, which is only deltas and lasts until
/// something else begins.
/// </summary>
/// <param name="output">Where events go.</param>
internal sealed class CohereBlocks(DecoderOutput output)
{
    private readonly BlockTable<ContentBlock> _contents = new(output.Options);
    private ContentBlock? _plan;

    /// <summary>Gets the block that began last, whether or not it has ended; <see langword="null"/> when none has begun.</summary>
    public ContentBlock? Latest { get; private set; }

    /// <summary>Begins a content. A content that is open under its index ends.</summary>
    /// <returns><see langword="false"/> when the content has a form in which nothing can be read.</returns>
    public bool TryBegin(in Payload payload, long? index, PayloadValue content)
    {
        if (KindOf(content) is not { } kind)
        {
            return false;
        }

        EndPlan();
        End(index is { } known ? _contents.FindByIndex(known) : null);
        Open(index, kind, raw: kind == ContentKind.Other ? content.ToElement() : null);
        return kind == ContentKind.Other || TryAppend(payload, index, content);
    }

    /// <summary>Appends to a content, which begins here when the server did not say so.</summary>
    /// <returns><inheritdoc cref="TryBegin" path="/returns"/></returns>
    public bool TryAppend(in Payload payload, long? index, PayloadValue content)
    {
        switch (content.Kind)
        {
            case JsonValueKind.Object:
                var isRead = TryAppend(payload, index, ContentKind.Reasoning, content.Member("thinking"u8));
                return TryAppend(payload, index, ContentKind.Text, content.Member("text"u8)) && isRead;
            case JsonValueKind.Array:
                isRead = true;
                foreach (var item in content.Items)
                {
                    isRead &= TryAppend(payload, index, item);
                }

                return isRead;
            default:
                return TryAppend(payload, index, ContentKind.Text, content);
        }
    }

    /// <summary>Ends a content by its own event. One that has ended, or never began, has nothing more to say.</summary>
    public void End(long? index) => End(index is { } known ? _contents.FindByIndex(known) : _contents.Latest);

    /// <summary>Appends to the plan.</summary>
    /// <returns><inheritdoc cref="TryBegin" path="/returns"/></returns>
    public bool TryPlan(in Payload payload, PayloadValue text)
    {
        if (!text.IsText)
        {
            return text.IsMissing;
        }

        if (text.Slice.Length > 0)
        {
            if (_plan is not { IsOpen: true })
            {
                output.ForgetUnnamedShapes();
                Latest = _plan = new ContentBlock(output, ContentKind.Reasoning, providerData: CohereReasoning.Plan);
            }

            output.TryAppend(_plan, text, payload);
        }

        return true;
    }

    /// <summary>Ends the plan: something else begins.</summary>
    public void EndPlan()
    {
        if (_plan is { IsOpen: true })
        {
            _plan.Complete();
        }
    }

    /// <summary>Finds the block that a citation is about, which may have ended.</summary>
    public ContentBlock? FindCited(PayloadValue citation)
    {
        if (citation.TextEquals("type"u8, "PLAN"u8))
        {
            return _plan ?? Latest;
        }

        if (citation.Member("content_index"u8).GetCount() is { } index && _contents.FindByIndex(index) is { } entry)
        {
            return entry.Value;
        }

        var kind = citation.TextEquals("type"u8, "THINKING_CONTENT"u8) ? ContentKind.Reasoning : ContentKind.Text;
        for (var i = _contents.Entries.Count - 1; i >= 0; i--)
        {
            if (_contents.Entries[i].Value.Kind == kind)
            {
                return _contents.Entries[i].Value;
            }
        }

        return Latest;
    }

    /// <summary>Ends what is still open at the end of the message.</summary>
    public void EndAll()
    {
        EndPlan();
        while (_contents.TryEndFirst(out var entry))
        {
            entry.Value.Complete();
        }
    }

    // The first deltas of some servers have no type.
    private static ContentKind? KindOf(PayloadValue content) => content.Text("type"u8) switch
    {
        "text" => ContentKind.Text,
        "thinking" => ContentKind.Reasoning,
        null => content.Member("thinking"u8).IsMissing ? content.IsMissing || content.IsObject || content.IsText ? ContentKind.Text : null : ContentKind.Reasoning,
        _ => ContentKind.Other,
    };

    private bool TryAppend(in Payload payload, long? index, ContentKind kind, PayloadValue text)
    {
        if (!text.IsText)
        {
            return text.IsMissing;
        }

        if (text.Slice.Length == 0)
        {
            return true;
        }

        var entry = index is { } known ? _contents.FindByIndex(known) : _contents.Latest;
        if (entry is { IsEnded: false, Value.Kind: ContentKind.Other })
        {
            return false;
        }

        if (entry is not { IsEnded: false } || entry.Value.Kind != kind)
        {
            EndPlan();
            End(entry);
            entry = Open(index, kind, raw: null);
        }

        output.TryAppend(entry.Value, text, payload);
        return true;
    }

    private BlockEntry<ContentBlock> Open(long? index, ContentKind kind, JsonElement? raw)
    {
        output.ForgetUnnamedShapes(); // A delta without an index means the latest content.
        Latest = new ContentBlock(output, kind, providerData: kind == ContentKind.Reasoning ? CohereReasoning.Thinking : null) { Raw = raw };
        return _contents.Add(index, id: null, type: null, Latest);
    }

    private void End(BlockEntry<ContentBlock>? entry)
    {
        if (entry is { IsEnded: false })
        {
            _contents.End(entry);
            entry.Value.Complete();
        }
    }
}
