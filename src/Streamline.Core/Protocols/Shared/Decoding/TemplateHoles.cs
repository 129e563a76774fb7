namespace Streamline.Protocols.Shared;

/// <summary>Finds the holes of a payload, in the order of their places.</summary>
internal ref struct TemplateHoles
{
    private readonly Span<TemplateHole> _holes;
    private int _count;

    /// <param name="room">Where to keep the holes. A payload that has more is not learned.</param>
    public TemplateHoles(Span<TemplateHole> room) => _holes = room;

    public readonly ReadOnlySpan<TemplateHole> Found => _holes[.._count];

    /// <summary>Gets the place of the object of token counts that may differ; it does not exist where there is none.</summary>
    public JsonSlice Usage { get; private set; }

    /// <summary>Gets a value indicating whether one of the holes is a counter.</summary>
    public readonly bool HasCounter
    {
        get
        {
            foreach (ref readonly var hole in Found)
            {
                if (hole.Kind == TemplateHoleKind.Counter)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Finds the holes.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="rules">Which members may differ.</param>
    /// <param name="text">The string that is the delta's text.</param>
    /// <param name="passed">A part whose numbers may differ, because it is reported unchanged; it does not exist where there is none.</param>
    /// <returns><see langword="false"/> when there are too many.</returns>
    public bool TryFind(in Payload payload, TemplateRules rules, JsonSlice text, JsonSlice passed)
    {
        var isComplete = TryAdd(TemplateHoleKind.Text, text);
        foreach (var member in payload.Root.Members)
        {
            var value = member.Value;
            if (rules.IsCounter(member))
            {
                isComplete &= value.GetInteger() is null || TryAdd(TemplateHoleKind.Counter, value.Slice);
            }
            else if (rules.IsUsage(member))
            {
                isComplete &= TryAddCounts(value);
            }
            else if (rules.IsNoise(member) && (value.IsString || value.IsNumber))
            {
                isComplete &= TryAdd(value.IsString ? TemplateHoleKind.String : TemplateHoleKind.Number, value.Slice);
            }
        }

        isComplete &= TryAddRows(payload, rules, text, passed);
        var found = _holes[.._count];
        found.Sort(static (left, right) => left.Place.Start.CompareTo(right.Place.Start));
        return isComplete;
    }

    /// <summary>Copies the holes.</summary>
    public readonly void CopyTo(Span<TemplateHole> target)
    {
        var nextRead = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            nextRead = _holes[i].Kind is TemplateHoleKind.String or TemplateHoleKind.Number ? nextRead : i;
            target[i] = _holes[i] with { NextRead = nextRead };
        }
    }

    private bool TryAddCounts(PayloadValue usage)
    {
        var before = _count;
        var isComplete = TryAddNumbers(usage);
        if (_count > before)
        {
            Usage = usage.Slice;
        }

        return isComplete;
    }

    private bool TryAddNumbers(PayloadValue value)
    {
        if (value.IsNumber)
        {
            return TryAdd(TemplateHoleKind.Number, value.Slice);
        }

        foreach (var member in value.Members)
        {
            if (!TryAddNumbers(member.Value))
            {
                return false;
            }
        }

        foreach (var item in value.Items)
        {
            if (!TryAddNumbers(item))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAddRows(in Payload payload, TemplateRules rules, JsonSlice text, JsonSlice passed)
    {
        var rows = payload.Rows;
        for (var i = 1; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[i];
            var isNoise = row.Kind == JsonValueKind.Number && (passed.Holds(row.Start) || IsNestedNoise(payload, rows[i - 1], rules));
            var isRepeat = row.Kind == JsonValueKind.String && IsRepeat(payload, row, text);
            if ((!isNoise && !isRepeat) || IsTaken(row.Start))
            {
                continue;
            }

            if (!TryAdd(isRepeat ? TemplateHoleKind.Repeat : TemplateHoleKind.Number, new JsonSlice(row.Start, row.Length, row.IsEscaped)))
            {
                return false;
            }

            // The first of the equal strings is read, and the others are compared with it.
            if (isRepeat && row.Start < text.Start)
            {
                MoveTextTo(_count - 1);
            }
        }

        return true;
    }

    private static bool IsNestedNoise(in Payload payload, in PayloadRow name, TemplateRules rules) =>
        name.Kind == JsonValueKind.Undefined && rules.IsNestedNoise(payload.Bytes.Slice(name.Start, name.Length));

    private static bool IsRepeat(in Payload payload, in PayloadRow row, JsonSlice text) =>
        row.Length == text.Length && row.Length > 0 && row.Start != text.Start && payload.Bytes.Slice(row.Start, row.Length).SequenceEqual(text.In(payload.Bytes));

    private readonly bool IsTaken(int start)
    {
        foreach (ref readonly var hole in Found)
        {
            if (hole.Place.Start == start)
            {
                return true;
            }
        }

        return false;
    }

    // The text is where it is first met in the payload: both places hold the same bytes.
    private readonly void MoveTextTo(int index)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_holes[i].Kind == TemplateHoleKind.Text && _holes[i].Place.Start > _holes[index].Place.Start)
            {
                _holes[i] = _holes[i] with { Kind = TemplateHoleKind.Repeat };
                _holes[index] = _holes[index] with { Kind = TemplateHoleKind.Text };
            }
        }
    }

    private bool TryAdd(TemplateHoleKind kind, JsonSlice place)
    {
        if (_count == _holes.Length)
        {
            return false;
        }

        _holes[_count++] = new TemplateHole(kind, place);
        return true;
    }
}

/// <summary>A value that differs from one payload of a shape to the next.</summary>
/// <param name="Kind">What the hole accepts.</param>
/// <param name="Place">Its place in the remembered payload; of a string, between its quotes.</param>
/// <param name="NextRead">The number of the next hole whose value is read: its own, unless the hole is noise; 0 when there is none.</param>
internal readonly record struct TemplateHole(TemplateHoleKind Kind, JsonSlice Place, int NextRead = 0);

/// <summary>What is accepted in a <see cref="TemplateHole"/>.</summary>
internal enum TemplateHoleKind
{
    /// <summary>The string that is the delta's text.</summary>
    Text,

    /// <summary>A string with the same bytes as the delta's text: some servers send it twice.</summary>
    Repeat,

    /// <summary>Any string: noise such as padding or a timestamp.</summary>
    String,

    /// <summary>Any number.</summary>
    Number,

    /// <summary>A whole number that the decoder wants to know, such as the number of the event.</summary>
    Counter,
}
