using System.Diagnostics.CodeAnalysis;

namespace Streamline.Protocols.Shared;

/// <summary>
/// The shapes that the deltas of one stream were seen to have. A stream alternates among a few: text, reasoning, the arguments of several calls, with
/// and without token counts.
/// </summary>
/// <param name="rules">Which values may differ among payloads of one shape.</param>
internal sealed class DeltaTemplates(TemplateRules rules)
{
    private const int MaxTemplates = 8;

    // Where the members that pass through differ by more than numbers, such as tokens of any length, learning their shapes is in vain.
    private const int MaxVainShapes = 4;

    private DeltaTemplate?[] _templates = [];
    private int _last;
    private int _vainShapes;

    /// <summary>Gets or sets where blocks are found by the counter of a payload; <see langword="null"/> when the counter means something else.</summary>
    public IIndexedBlocks? Blocks { get; set; }

    /// <summary>Gets what the payload that was appended last passes through; <see langword="null"/> for nothing.</summary>
    public PassedMember? LastPassed => _templates[_last]!.Passed;

    /// <summary>Appends the delta of a payload to the block that payloads of its shape grow.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="match">What else it holds.</param>
    /// <returns><see langword="false"/> when the payload must be parsed; nothing has happened then.</returns>
    public bool TryAppend(ReadOnlySpan<byte> data, out TemplateMatch match)
    {
        match = default;
        var last = _last;
        if ((uint)last < (uint)_templates.Length && TryAppend(_templates[last], data, out match))
        {
            return true;
        }

        for (var i = 0; i < _templates.Length; i++)
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
    /// <param name="passed">The member that is reported unchanged after the growth; <see langword="null"/> for none.</param>
    public void Learn(in Payload payload, GrowingText target, JsonSlice text, PassedMember? passed = null)
    {
        if (passed is not null && (Blocks is not null || _vainShapes++ >= MaxVainShapes))
        {
            return;
        }

        _templates = _templates.Length == 0 ? new DeltaTemplate?[MaxTemplates] : _templates;
        var place = FindPlace(target);
        (_templates[place] ??= new DeltaTemplate()).Learn(payload, rules, target, text, passed);
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

    /// <summary>Forgets the shapes that grow one block, and keeps those whose payloads name their block.</summary>
    public void ForgetUnnamed()
    {
        foreach (var template in _templates)
        {
            if (template is { HasCounter: false })
            {
                template.Forget();
            }
        }
    }

    /// <summary>Forgets the last token counts, because others were reported since: the same ones are news again.</summary>
    public void ForgetUsage()
    {
        foreach (var template in _templates)
        {
            template?.ForgetUsage();
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

    private bool TryAppend(DeltaTemplate? template, ReadOnlySpan<byte> data, out TemplateMatch match)
    {
        match = default;
        var isAppended = IsUsable(template)
            && template.TryMatch(data, out match)
            && TargetOf(template, match) is { } target
            && target.TryAppend(match.Text.In(data), match.Text.IsEscaped);
        _vainShapes = isAppended && !match.Passed.IsEmpty ? 0 : _vainShapes;
        return isAppended;
    }

    private bool IsUsable([NotNullWhen(true)] DeltaTemplate? template) =>
        template?.Target is { } target && (target.IsOpen || (Blocks is not null && template.HasCounter));

    private GrowingText? TargetOf(DeltaTemplate template, in TemplateMatch match)
    {
        if (Blocks is null || match.Counter is not { } index)
        {
            return template.Target;
        }

        // As long as a block is open, its index is that of no other.
        if (template.TargetIndex == index && template.Target is { IsOpen: true } same)
        {
            return same;
        }

        var target = Blocks.Find(index, template.Target!);
        if (target is not null)
        {
            template.Retarget(target, index);
        }

        return target;
    }

    // A shape whose one block has ended is of no use any more; else a free place, else the one after the last used.
    private int FindPlace(GrowingText target)
    {
        var free = -1;
        for (var i = MaxTemplates - 1; i >= 0; i--)
        {
            if (!IsUsable(_templates[i]))
            {
                free = i;
            }
        }

        return free >= 0 ? free : (_last + 1) % MaxTemplates;
    }
}

/// <summary>The blocks of a protocol whose deltas name theirs by an index, so that a shape that was learned from one block fits the next.</summary>
internal interface IIndexedBlocks
{
    /// <summary>Finds the open block of an index.</summary>
    /// <param name="index">The provider's index.</param>
    /// <param name="like">The block from whose delta the shape was learned.</param>
    /// <returns><see langword="null"/> when there is none, or when such a delta does not grow it.</returns>
    GrowingText? Find(long index, GrowingText like);
}
