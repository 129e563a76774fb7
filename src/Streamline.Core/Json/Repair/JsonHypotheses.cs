namespace Streamline.Json;

/// <summary>The hypotheses about a malformed place. Each byte is read by all of them; those that cost too much are given up, until one is left.</summary>
/// <remarks>
/// Every hypothesis reads with the strict reader, so what may follow is defined by the grammar alone. No decision takes more than
/// <see cref="MaxBytes"/> bytes, and no more than <see cref="MaxCount"/> hypotheses live at a time, so the time stays linear.
/// </remarks>
internal sealed class JsonHypotheses(int rootDepth)
{
    /// <summary>So many bytes after the fault, the cheapest hypothesis wins.</summary>
    public const int MaxBytes = 256;

    /// <summary>How many bytes before the fault are read again.</summary>
    public const int WindowBytes = 192;

    private const int MaxCount = 16;
    private const int MaxSteps = 64; // of one byte, by one hypothesis and those that it is forked into
    private const int MaxHurriedSteps = 4;
    private const int BytesPerReading = 2; // on average, by all hypotheses; a text that needs more readings is decided at once
    private const int MinReadings = 64 * 1024;

    private readonly List<JsonEdit> _edits = [];
    private JsonHypothesis[] _now = new JsonHypothesis[MaxCount];
    private JsonHypothesis[] _next = new JsonHypothesis[MaxCount];
    private int _nextCount;
    private (int All, int WellFormed, int Margin) _least; // the costs of the cheapest ones, and how much more another may cost
    private int _stepsLeft;
    private long _readings;

    /// <summary>The depth at which the root stands.</summary>
    public int RootDepth => rootDepth;

    /// <summary>Whether the document is in a Markdown fence, which ends it.</summary>
    public bool IsFenced { get; set; }

    /// <summary>How many hypotheses are left.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes were read, those read again included.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the text has cost so much that the next decisions are made at once, and nothing is read again.</summary>
    public bool IsHurried => _readings > (Offset / BytesPerReading) + MinReadings;

    /// <summary>The offset of the byte that is being read.</summary>
    public long Offset => Window.Offset;

    /// <summary>The bytes that wait for the decision.</summary>
    public JsonWindow Window { get; } = new();

    /// <summary>Whether the byte came before the fault, and is read again: then what the grammar accepts may be wrong too.</summary>
    public bool IsBeforeFault => Offset < Window.Fault;

    /// <summary>The only hypothesis that is left, or the cheapest one.</summary>
    public ref JsonHypothesis Best => ref _now[0];

    /// <summary>An edit of a hypothesis.</summary>
    public JsonEdit Edit(int index) => _edits[index];

    /// <summary>Begins with the reading as the grammar has it, at the start of the window.</summary>
    public void Begin(in PartialJsonReader reader, JsonReadingFlags flags, in JsonShapeCursor cursor)
    {
        _edits.Clear();
        _now[0] = new JsonHypothesis { Reader = reader, Cursor = cursor, Edit = -1, Start = Window.Start, Before = PartialJsonReaderState.Completed, Flags = flags | (_now[0].Flags & JsonReadingFlags.Styles) };
        Count = 1;
    }

    /// <summary>Lets every hypothesis read the next byte, or the only one that is left all the letters that have no other reading.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var letters = Count > 1 || IsBeforeFault ? 0 : Best.ReadLetters(bytes, Window.Bytes.Length);
        if (letters == 0)
        {
            Step(bytes[0]);
            return 1;
        }

        Window.Add(bytes[..letters]);
        return letters;
    }

    /// <summary>Lets every hypothesis read the next byte.</summary>
    public void Step(byte found)
    {
        Window.Add([found]);
        BytesRead++;
        _nextCount = 0;
        _least = (int.MaxValue / 2, int.MaxValue / 2, IsHurried ? 0 : JsonRepairCost.Margin);
        var steps = IsHurried ? MaxHurriedSteps : MaxSteps;
        for (var index = 0; index < Count; index++)
        {
            _stepsLeft = steps;
            Read(_now[index], found);
            _readings += steps - _stepsLeft;
        }

        if (_nextCount == 0)
        {
            Add(LeaveOut(_now[0]));
        }

        (_now, _next) = (_next, _now);
        Count = _nextCount;
        Prune();
        if (Count > 1 && !IsBeforeFault && Offset + 1 - Math.Max(Window.Fault, Window.Start) >= (IsHurried ? 1 : MaxBytes))
        {
            Count = 1;
        }
    }

    /// <summary>Those that are left, the cheapest first.</summary>
    public ReadOnlySpan<JsonHypothesis> Left => _now.AsSpan(0, Count);

    /// <summary>Decides for a hypothesis.</summary>
    public void Decide(in JsonHypothesis hypothesis)
    {
        _now[0] = hypothesis;
        Count = 1;
    }

    /// <summary>Forgets the bytes and edits of the only hypothesis, which have been written.</summary>
    public void Forget(int count)
    {
        _edits.Clear();
        _now[0].Edit = -1;
        Window.RemoveFirst(count);
    }

    /// <summary>Lets a hypothesis read the byte: it is kept, forked or given up.</summary>
    public void Read(in JsonHypothesis hypothesis, byte found)
    {
        if (--_stepsLeft < 0 || hypothesis.Cost > LimitOf(hypothesis))
        {
            return;
        }

        switch (hypothesis.Mode)
        {
            case JsonReadingMode.Grammar when hypothesis.IsAfterWrapped:
                Read(JsonShapeForks.EndWrapper(this, hypothesis, Offset), found);
                break;
            case JsonReadingMode.Grammar when hypothesis.IsUnwrapped && (hypothesis.State is PartialJsonReaderState.CommaOrEnd or PartialJsonReaderState.EndOfText || (found == (byte)']' && hypothesis.Reader.At.IsBetweenTokens)):
                JsonShapeForks.EndUnwrapped(this, hypothesis, found);
                break;
            case JsonReadingMode.Grammar when hypothesis.IsInText:
                JsonTextReading.Read(this, hypothesis, found);
                break;
            case JsonReadingMode.Grammar when hypothesis.State >= PartialJsonReaderState.Minus:
                JsonStructureReading.ReadInScalar(this, hypothesis, found);
                break;
            case JsonReadingMode.Grammar:
                JsonStructureReading.Read(this, hypothesis, found);
                break;
            case JsonReadingMode.Word:
                JsonWordReading.Read(this, hypothesis, found);
                break;
            case JsonReadingMode.QuoteRun:
                JsonTripleQuoteReading.Read(this, hypothesis, found);
                break;
            case JsonReadingMode.Limit:
                Add(hypothesis);
                break;
            case JsonReadingMode.After:
                JsonAfterReading.Read(this, hypothesis, found);
                break;
            default:
                JsonTriviaReading.Read(this, hypothesis, found);
                break;
        }
    }

    /// <summary>Whether a fork of a hypothesis that costs so much more would be given up at once.</summary>
    public bool IsTooDear(in JsonHypothesis hypothesis, int cost) => hypothesis.Cost + cost > _least.All + _least.Margin;

    /// <summary>Keeps a hypothesis that has read the byte, unless it has closed the array that holds all documents.</summary>
    public void Add(in JsonHypothesis hypothesis)
    {
        if (hypothesis.Cost > LimitOf(hypothesis) || hypothesis.Reader.Depth < rootDepth)
        {
            return;
        }

        // In the place of one that is the same; else in a new one; else in that of the last of the dearest.
        var (place, dearest) = (0, 0);
        for (; place < _nextCount && !IsSame(_next[place], hypothesis); place++)
        {
            dearest = IsBefore(_next[place], _next[dearest]) ? dearest : place;
        }

        place = place == MaxCount ? dearest : place;
        if (place == _nextCount || IsBefore(hypothesis, _next[place]))
        {
            _nextCount = Math.Max(_nextCount, place + 1);
            _next[place] = hypothesis;
            _least = (Math.Min(_least.All, hypothesis.Cost), hypothesis.IsWellFormed ? Math.Min(_least.WellFormed, hypothesis.Cost) : _least.WellFormed, _least.Margin);
        }
    }

    /// <summary>Forks a hypothesis: the same with one more edit, before or at the byte that is being read.</summary>
    public JsonHypothesis Repaired(in JsonHypothesis hypothesis, JsonEditAction action, int length, PartialJsonRepairKind? kind, bool isGuess, int cost, byte argument = 0, long? offset = null, byte[]? json = null)
    {
        var repaired = hypothesis;
        _edits.Add(new JsonEdit(hypothesis.Edit, offset ?? Offset, length, action, argument, kind, isGuess, json));
        repaired.Edit = _edits.Count - 1;
        repaired.Cost += cost;
        (repaired.Mode, repaired.Byte) = (JsonReadingMode.Grammar, 0);
        repaired.Before = PartialJsonReaderState.Completed; // what was read of a number or literal is not a word any more
        repaired.Set(JsonReadingFlags.IsScalarOpen | JsonReadingFlags.MayConvert, value: false);
        repaired.Set(JsonReadingFlags.IsAfterSkip, action == JsonEditAction.Skip);
        repaired.Set(JsonReadingFlags.IsWellFormed, hypothesis.IsWellFormed && kind is null or PartialJsonRepairKind.ConvertedValue or PartialJsonRepairKind.RenamedProperty or PartialJsonRepairKind.WrappedValue);
        if (action is JsonEditAction.Escape or JsonEditAction.WriteReplacement && repaired.State == PartialJsonReaderState.Text)
        {
            repaired.TryWrite("x"u8); // some character: no half of a pair is waited for any more
        }

        return repaired;
    }

    /// <summary>Forks a hypothesis: the same with a byte of JSON in place of some of the text. The grammar allows it here.</summary>
    public JsonHypothesis Written(in JsonHypothesis hypothesis, byte json, int length, PartialJsonRepairKind? kind, bool isGuess, int cost, long? offset = null)
    {
        var written = Repaired(hypothesis, JsonEditAction.Write, length, kind, isGuess, cost, json, offset);
        written.TryWrite([json]);
        return written;
    }

    /// <summary>The held bytes from an offset on.</summary>
    public ReadOnlySpan<byte> HeldFrom(long offset) => Window.From(offset);

    // No reading is left: the byte is left out, and what was waited for with it.
    private JsonHypothesis LeaveOut(in JsonHypothesis hypothesis)
    {
        var start = hypothesis.Mode == JsonReadingMode.Grammar ? Offset : hypothesis.Start;
        var left = Repaired(hypothesis, JsonEditAction.Skip, (int)(Offset + 1 - start), PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, JsonRepairCost.Extra, offset: start);
        left.Quotes = left.Quotes is JsonQuotes.TripleDouble or JsonQuotes.TripleSingle ? JsonQuotes.Double : left.Quotes;
        return left;
    }

    // What the grammar accepts first, then the cheapest; of equally cheap ones, that which was forked first.
    private void Prune()
    {
        var count = Count;
        Count = 0;
        for (var index = 0; index < count; index++)
        {
            if (_now[index].Cost > LimitOf(_now[index]))
            {
                continue;
            }

            _now[index].Cost -= _least.All; // only the difference counts
            var place = Count;
            while (place > 0 && IsBefore(_now[index], _now[place - 1]))
            {
                place--;
            }

            if (place < index)
            {
                var hypothesis = _now[index];
                _now.AsSpan(place, Count - place).CopyTo(_now.AsSpan(place + 1));
                _now[place] = hypothesis;
            }

            Count++;
        }
    }

    // Well-formed text is not changed, whatever it costs, until the grammar refuses it.
    private int LimitOf(in JsonHypothesis hypothesis) => (hypothesis.IsWellFormed ? _least.WellFormed : _least.All) + _least.Margin;

    private static bool IsBefore(in JsonHypothesis left, in JsonHypothesis right) =>
        left.IsWellFormed == right.IsWellFormed ? left.Cost < right.Cost : left.IsWellFormed;

    private static bool IsSame(in JsonHypothesis left, in JsonHypothesis right) =>
        left.Mode == right.Mode && left.Quotes == right.Quotes && left.Byte == right.Byte
        && ((left.Flags ^ right.Flags) & ~(JsonReadingFlags.IsAfterSkip | JsonReadingFlags.Styles | JsonReadingFlags.IsWellFormed)) == JsonReadingFlags.None
        && (left.Mode == JsonReadingMode.Grammar && left.State < PartialJsonReaderState.Minus || left.Start == right.Start)
        && left.Unwrapped == right.Unwrapped && left.Reader.IsSameAs(right.Reader)
        && left.Cursor.IsSameAs(right.Cursor, left.IsInText, left.Mode == JsonReadingMode.Grammar && left.State is not (PartialJsonReaderState.Value or PartialJsonReaderState.Colon or >= PartialJsonReaderState.Text));
}
