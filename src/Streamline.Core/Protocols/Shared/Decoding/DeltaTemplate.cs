using System.Buffers;
using System.Runtime.InteropServices;

namespace Streamline.Protocols.Shared;

/// <summary>
/// One learned shape of a payload that carries a delta: the same bytes except for the values in known places, its holes. A payload that fits has
/// been proven to be well-formed JSON with the same meaning, without being parsed.
/// </summary>
/// <remarks>
/// The proof: all bytes outside the holes equal those of a payload that <see cref="Payload"/> has accepted. A hole for a string takes no control
/// character and no unescaped quote; a hole for a number takes exactly one JSON number. Only the escapes of the text are left to check, when it
/// is decoded.
/// </remarks>
internal sealed class DeltaTemplate
{
    private const int MaxHoles = 48;
    private const int MaxPayloadBytes = 64 * 1024;

    private static readonly SearchValues<byte> Closers = SearchValues.Create("}] \t\r\n"u8);

    private byte[] _payload = [];
    private TemplateHole[] _holes = [];
    private int _length;
    private int _holeCount;
    private bool _tailIsClosers;
    private JsonSlice _usage;
    private JsonSlice _passed;
    private byte[] _lastUsage = [];
    private int _lastUsageLength;

    /// <summary>Gets the block that the delta's text belongs to; <see langword="null"/> when nothing was learned.</summary>
    public GrowingText? Target { get; private set; }

    /// <summary>Gets the index of that block, where it was found by one.</summary>
    public long? TargetIndex { get; private set; }

    /// <summary>Gets a value indicating whether the payloads of the shape have a counter.</summary>
    public bool HasCounter { get; private set; }

    /// <summary>Gets the member that payloads of the shape pass through; <see langword="null"/> for none.</summary>
    public PassedMember? Passed { get; private set; }

    private ReadOnlySpan<byte> Tail => _payload.AsSpan(_holes[_holeCount - 1].Place.End.._length);

    /// <summary>Remembers a payload.</summary>
    /// <param name="payload">The payload; its bytes are copied.</param>
    /// <param name="rules">Which values may differ.</param>
    /// <param name="target">The block that grew.</param>
    /// <param name="text">The string by which it grew.</param>
    /// <param name="passed">The member that is reported unchanged; <see langword="null"/> for none.</param>
    public void Learn(in Payload payload, TemplateRules rules, GrowingText target, JsonSlice text, PassedMember? passed)
    {
        (Target, TargetIndex) = (null, null);
        var holes = new TemplateHoles(stackalloc TemplateHole[MaxHoles]);
        if (payload.Bytes.Length > MaxPayloadBytes || !holes.TryFind(payload, rules, text, passed?.Place ?? default))
        {
            return;
        }

        Remember(payload.Bytes, holes);
        HasCounter = holes.HasCounter;
        Target = target;
        Passed = passed;
        _passed = passed?.Place ?? default;

        // Some servers pad a payload with blanks before its last brackets, so that its length reveals nothing. Where only brackets follow the
        // last hole, blanks between them cannot change the meaning, unless a part of the payload that is handed out ends among them.
        _tailIsClosers = !Tail.TrimStart((byte)'"').ContainsAnyExcept(Closers) && Math.Max(_usage.End, _passed.End) <= _length - Tail.Length;
        if (_tailIsClosers)
        {
            RemoveBlanks();
        }
    }

    /// <summary>Sets the block that the next text belongs to.</summary>
    public void Retarget(GrowingText target, long index) => (Target, TargetIndex) = (target, index);

    /// <summary>Forgets the last token counts.</summary>
    public void ForgetUsage() => _lastUsageLength = 0;

    /// <summary>Forgets the payload.</summary>
    public void Forget() => Target = null;

    /// <summary>Forgets the payload, and returns its memory to the pool.</summary>
    public void Clear()
    {
        Forget();
        if (_payload.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_payload);
            _payload = [];
        }
    }

    /// <summary>Compares the next payload.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="match">What it holds.</param>
    /// <returns><see langword="false"/> when it differs anywhere but in the holes.</returns>
    public bool TryMatch(ReadOnlySpan<byte> payload, out TemplateMatch match)
    {
        match = default;
        var read = 0;
        var remembered = 0;
        var parts = default(PartPlaces);
        var hasParts = _usage.Exists || _passed.Exists;
        var holes = _holes.AsSpan(0, _holeCount);
        for (var i = 0; i < holes.Length; i++)
        {
            ref readonly var hole = ref holes[i];
            if (hasParts)
            {
                parts.Follow(this, read - remembered, remembered);
            }

            if (hole.NextRead > i && payload[read..].StartsWith(_payload.AsSpan(remembered, holes[hole.NextRead].Place.Start - remembered)))
            {
                // Noise such as an id is mostly the same again, and is then compared together with what is around it.
                i = hole.NextRead;
                hole = ref holes[i];
            }
            else if (!payload[read..].StartsWith(_payload.AsSpan(remembered, hole.Place.Start - remembered)))
            {
                return false;
            }

            var start = read + hole.Place.Start - remembered;
            read = start;
            if (!TryFill(hole.Kind, payload, ref read, ref match))
            {
                return false;
            }

            if (hole.NextRead > i && read - start == hole.Place.Length)
            {
                payload[start..read].CopyTo(_payload.AsSpan(hole.Place.Start));
            }

            remembered = hole.Place.End;
        }

        if (!IsTail(payload[read..]))
        {
            return false;
        }

        if (hasParts)
        {
            parts.Follow(this, read - remembered, remembered);
            match.Usage = _usage.Exists ? TakeUsage(payload[parts.UsageStart..parts.UsageEnd]) : default;
            match.Passed = _passed.Exists ? payload[parts.PassedStart..parts.PassedEnd] : default;
        }

        return true;
    }

    private static bool TryFill(TemplateHoleKind kind, ReadOnlySpan<byte> payload, ref int read, ref TemplateMatch match)
    {
        var rest = payload[read..];
        switch (kind)
        {
            case TemplateHoleKind.Number:
                var digits = JsonNumberText.Length(rest);
                read += digits;
                return digits > 0;
            case TemplateHoleKind.Counter:
                var length = ReadCounter(rest, out var number);
                match.Counter = number;
                read += length;
                return length > 0;
            case TemplateHoleKind.Repeat:
                var text = match.Text.In(payload);
                read += text.Length;
                return rest.StartsWith(text);
            default:
                var hole = ReadString(payload, read);
                match.Text = kind == TemplateHoleKind.Text ? hole : match.Text;
                read = hole.End;
                return hole.Length >= 0 && (!hole.IsEscaped || kind == TemplateHoleKind.Text || AreEscapes(hole.In(payload)));
        }
    }

    // What follows must be the remembered text, so that a fraction or more digits do not match.
    private static int ReadCounter(ReadOnlySpan<byte> text, out long number)
    {
        const int MaxDigits = 18;
        number = 0;
        var length = 0;
        while (length < text.Length && length < MaxDigits && char.IsAsciiDigit((char)text[length]))
        {
            number = (number * 10) + (text[length++] - '0');
        }

        return length > 1 && text[0] == (byte)'0' ? 0 : length;
    }

    /// <summary>Reads up to the quote that ends a string; the length is -1 when there is none.</summary>
    private static JsonSlice ReadString(ReadOnlySpan<byte> payload, int start)
    {
        var isEscaped = false;
        for (var end = start; ;)
        {
            end = JsonStringText.FindSpecial(payload, end);
            if (end == payload.Length || (payload[end] != (byte)'"' && (payload[end] != (byte)'\\' || end + 2 > payload.Length)))
            {
                return new JsonSlice(start, -1, isEscaped);
            }

            if (payload[end] == (byte)'"')
            {
                return new JsonSlice(start, end - start, isEscaped);
            }

            isEscaped = true;
            end += 2;
        }
    }

    private static bool AreEscapes(ReadOnlySpan<byte> body)
    {
        while (body.IndexOf((byte)'\\') is >= 0 and var next)
        {
            var length = JsonEscape.Length(body[next..]);
            if (length == 0)
            {
                return false;
            }

            body = body[(next + length)..];
        }

        return true;
    }

    private bool IsTail(ReadOnlySpan<byte> rest)
    {
        var tail = Tail;
        if (!_tailIsClosers)
        {
            return rest.SequenceEqual(tail);
        }

        while (true)
        {
            var same = rest.CommonPrefixLength(tail);
            rest = rest[same..];
            tail = tail[same..];
            var blanks = rest.IndexOfAnyExcept(" \t\r\n"u8);
            if (blanks <= 0)
            {
                return tail.IsEmpty && blanks < 0;
            }

            rest = rest[blanks..];
        }
    }

    // Counts that did not change are not read again.
    private ReadOnlySpan<byte> TakeUsage(ReadOnlySpan<byte> usage)
    {
        if (usage.SequenceEqual(_lastUsage.AsSpan(0, _lastUsageLength)))
        {
            return default;
        }

        KeepUsage(usage);
        return usage;
    }

    private void Remember(ReadOnlySpan<byte> payload, in TemplateHoles holes)
    {
        if (_payload.Length < payload.Length)
        {
            Clear();
            _payload = ArrayPool<byte>.Shared.Rent(payload.Length);
        }

        payload.CopyTo(_payload);
        _length = payload.Length;
        _holeCount = holes.Found.Length;
        if (_holes.Length < _holeCount)
        {
            _holes = new TemplateHole[_holeCount];
        }

        holes.CopyTo(_holes);
        _usage = holes.Usage;
        _lastUsageLength = 0;
        if (_usage.Exists)
        {
            KeepUsage(_usage.In(payload));
        }
    }

    private void KeepUsage(ReadOnlySpan<byte> usage)
    {
        const int Growth = 16;
        if (_lastUsage.Length < usage.Length)
        {
            _lastUsage = new byte[usage.Length + Growth];
        }

        usage.CopyTo(_lastUsage);
        _lastUsageLength = usage.Length;
    }

    private void RemoveBlanks()
    {
        var start = _length - Tail.Length;
        var kept = start;
        for (var i = start; i < _length; i++)
        {
            if (_payload[i] > (byte)' ')
            {
                _payload[kept++] = _payload[i];
            }
        }

        _length = kept;
    }

    /// <summary>Where the parts of the remembered payload that are handed out are in the one that is compared.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct PartPlaces
    {
        public int UsageStart;
        public int UsageEnd;
        public int PassedStart;
        public int PassedEnd;

        /// <summary>Says how far apart the places of the two payloads are from a place of the remembered one on.</summary>
        public void Follow(DeltaTemplate template, int distance, int remembered)
        {
            if (template._usage.Exists)
            {
                Move(template._usage, distance, remembered, ref UsageStart, ref UsageEnd);
            }

            if (template._passed.Exists)
            {
                Move(template._passed, distance, remembered, ref PassedStart, ref PassedEnd);
            }
        }

        private static void Move(JsonSlice part, int distance, int remembered, ref int start, ref int end)
        {
            start = remembered <= part.Start ? distance + part.Start : start;
            end = remembered <= part.End ? distance + part.End : end;
        }
    }
}

/// <summary>What a payload holds that fits a <see cref="DeltaTemplate"/>.</summary>
internal ref struct TemplateMatch
{
    /// <summary>Where the delta's text stands.</summary>
    public JsonSlice Text;

    /// <summary>The number of the event; <see langword="null"/> where the shape has none.</summary>
    public long? Counter;

    /// <summary>The JSON text of the token counts; empty where the shape has none, or they are as they were in the payload before.</summary>
    public ReadOnlySpan<byte> Usage;

    /// <summary>The JSON text of the member that is reported unchanged; empty where the shape has none.</summary>
    public ReadOnlySpan<byte> Passed;
}

/// <summary>A member of a payload that is reported unchanged each time, such as log probabilities.</summary>
/// <param name="Name">The name under which it is reported.</param>
/// <param name="Index">The block that it belongs to.</param>
/// <param name="Place">Its place in the payload.</param>
internal sealed record PassedMember(string Name, int? Index, JsonSlice Place);
