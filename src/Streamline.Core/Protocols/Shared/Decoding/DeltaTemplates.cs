namespace Streamline.Protocols.Shared;

/// <summary>
/// The shapes that the deltas of one stream were seen to have. A stream alternates among a few: text, reasoning, the arguments of several calls, with
/// and without token counts.
/// </summary>
/// <param name="rules">Which values may differ among payloads of one shape.</param>
internal sealed class DeltaTemplates(TemplateRules rules)
{
    private const int MaxTemplates = 8;

    private readonly DeltaTemplate?[] _templates = new DeltaTemplate?[MaxTemplates];
    private int _last;

    /// <summary>Appends the delta of a payload to the block that payloads of its shape grow.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="match">What else it holds.</param>
    /// <returns><see langword="false"/> when the payload must be parsed; nothing has happened then.</returns>
    public bool TryAppend(ReadOnlySpan<byte> data, out TemplateMatch match)
    {
        if (TryAppend(_templates[_last], data, out match))
        {
            return true;
        }

        for (var i = 0; i < MaxTemplates; i++)
        {
            if (i != _last && TryAppend(_templates[i], data, out match))
            {
                _last = i;
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers the shape of a payload that did nothing but grow one block by one text, and perhaps report token counts.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="target">The block that grew.</param>
    /// <param name="text">The string by which it grew.</param>
    public void Learn(in Payload payload, GrowingText target, JsonSlice text)
    {
        var place = FindPlace(target);
        (_templates[place] ??= new DeltaTemplate()).Learn(payload, rules, target, text);
        _last = place;
    }

    /// <summary>Forgets all shapes.</summary>
    public void Forget()
    {
        foreach (var template in _templates)
        {
            template?.Forget();
        }
    }

    /// <summary>Returns all memory to the pool.</summary>
    public void Clear()
    {
        foreach (var template in _templates)
        {
            template?.Clear();
        }
    }

    private static bool TryAppend(DeltaTemplate? template, ReadOnlySpan<byte> data, out TemplateMatch match)
    {
        match = default;
        return template?.Target is { IsOpen: true } target
            && template.TryMatch(data, out match)
            && match.Text.Length > 0
            && target.TryAppend(match.Text.In(data), match.Text.IsEscaped);
    }

    // A shape whose block has ended is of no use any more; else a free place, else the one after the last used.
    private int FindPlace(GrowingText target)
    {
        var free = -1;
        for (var i = MaxTemplates - 1; i >= 0; i--)
        {
            if (_templates[i]?.Target is not { IsOpen: true })
            {
                free = i;
            }
        }

        return free >= 0 ? free : (_last + 1) % MaxTemplates;
    }
}
