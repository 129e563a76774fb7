using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Streamline.Json;

/// <summary>A JSON document that grows as its text arrives, and can be read at any moment.</summary>
/// <remarks>
/// <para>
/// Every byte is looked at once. <see cref="RootElement"/> is a snapshot: it costs nothing to take, shows everything that is decided so far, and never
/// changes. What the next bytes could still change is not in it: a number that may grow, half an escape or character, the beginning of
/// a literal, a property whose value has not begun. The text must be exactly the grammar of RFC 8259; being cut short is not an
/// error before <see cref="Complete"/>.
/// </para>
/// <para>
/// Appending and taking snapshots is for one thread at a time. Elements may be kept, and read by any thread, while the document grows. Buffers
/// are left to the garbage collector, so there is nothing to dispose of.
/// </para>
/// </remarks>
public sealed class PartialJsonDocument
{
#if DEBUG
    private const int InitialBytes = 16; // so that every test grows it
#else
    private const int InitialBytes = 256;
#endif
    private const int TranscodingBytes = 256;

    private readonly int _maxBytes;
    private readonly PartialJsonMode _mode;
    private readonly bool _showGrowingNumbers;
    private readonly JsonRepairLog _repairs;
    private PartialJsonReader _reader;
    private JsonTape _tape = new();
    private byte[] _bytes = [];
    private int _byteCount;
    private char _highSurrogate; // the last char appended, when it waits for its other half; else NUL
    private bool _isEnded;

    /// <summary>Initializes a new instance of the <see cref="PartialJsonDocument"/> class.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    public PartialJsonDocument(PartialJsonOptions? options = null)
    {
        _maxBytes = options?.MaxBytes ?? PartialJsonOptions.DefaultMaxBytes;
        _mode = options?.Mode ?? PartialJsonMode.Truncation;
        _showGrowingNumbers = options?.ShowGrowingNumbers ?? false;
        _repairs = new JsonRepairLog(options?.MaxRepairs ?? PartialJsonOptions.DefaultMaxRepairs);
        _reader = new PartialJsonReader(options?.MaxDepth ?? PartialJsonReader.DefaultMaxDepth);
    }

    /// <summary>Gets the root value as far as it is decided now.</summary>
    /// <value>An immutable snapshot; of kind <see cref="JsonValueKind.Undefined"/> as long as the root value has not begun.</value>
    public PartialJsonElement RootElement => new(TakeSnapshot(), 0);

    /// <summary>Gets a value indicating whether the root value has arrived whole.</summary>
    /// <value>A number at the root is whole only after <see cref="Complete"/>. <see langword="false"/> once the text is at fault.</value>
    public bool IsComplete => Error is null && _reader.IsRootComplete;

    /// <summary>Gets what was wrong with the text.</summary>
    /// <value>
    /// <see langword="null"/> as long as nothing is; a <see cref="StreamProtocolException"/> when the text is malformed, or was not whole at its end; a
    /// <see cref="StreamLimitException"/> when it went past a limit. What came before the fault stays readable.
    /// </value>
    public StreamlineException? Error { get; private set; }

    /// <summary>Gets what was repaired so far, in the order in which it was decided.</summary>
    /// <value>A list that does not change when more is appended, of at most <see cref="PartialJsonOptions.MaxRepairs"/> repairs. Empty in the modes that repair nothing.</value>
    public IReadOnlyList<PartialJsonRepair> Repairs => _repairs.Snapshot();

    /// <summary>Gets how many repairs were made so far, also those that are not listed.</summary>
    public long RepairCount => _repairs.Count;

    /// <summary>Gets the length of the text so far, in UTF-8 bytes.</summary>
    /// <value>Includes the whole of the append that failed, up to <see cref="PartialJsonOptions.MaxBytes"/>, and nothing after it.</value>
    public int BytesReceived => _byteCount;

    /// <summary>Gets the text so far, as it was received.</summary>
    /// <value>Does not change when more is appended.</value>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _byteCount);

    /// <summary>Gets the text so far, as it was received.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, _byteCount);

    /// <summary>Appends the next bytes of the text.</summary>
    /// <param name="utf8Json">UTF-8 bytes, cut anywhere. They are copied.</param>
    /// <exception cref="StreamProtocolException">The text is malformed here, or was before.</exception>
    /// <exception cref="StreamLimitException">The text went past a limit here, or had before.</exception>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public void Append(ReadOnlySpan<byte> utf8Json)
    {
        if (!TryAppend(utf8Json))
        {
            throw Error!;
        }
    }

    /// <summary>Appends the next characters of the text.</summary>
    /// <param name="json">UTF-16 code units, cut anywhere, also between the halves of a surrogate pair.</param>
    /// <exception cref="StreamProtocolException">The text is malformed here, or was before. A surrogate without its other half is malformed.</exception>
    /// <exception cref="StreamLimitException">The text went past a limit here, or had before.</exception>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public void Append(ReadOnlySpan<char> json)
    {
        if (!TryAppend(json))
        {
            throw Error!;
        }
    }

    /// <summary>Appends the next bytes of the text, unless it is at fault.</summary>
    /// <param name="utf8Json">UTF-8 bytes, cut anywhere. They are copied.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<byte> utf8Json) => CanAppend() && TryFlushHighSurrogate() && TryAppendCore(utf8Json);

    /// <summary>Appends the next characters of the text, unless it is at fault.</summary>
    /// <param name="json">UTF-16 code units, cut anywhere, also between the halves of a surrogate pair.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<char> json)
    {
        if (!CanAppend() || json.IsEmpty)
        {
            return Error is null;
        }

        Span<byte> utf8 = stackalloc byte[TranscodingBytes];
        if (_highSurrogate != default)
        {
            if (!Rune.TryCreate(_highSurrogate, json[0], out var rune))
            {
                return TryFlushHighSurrogate();
            }

            _highSurrogate = default;
            json = json[1..];
            if (!TryAppendCore(utf8[..rune.EncodeToUtf8(utf8)]))
            {
                return false;
            }
        }

        while (!json.IsEmpty)
        {
            var status = Utf8.FromUtf16(json, utf8, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: false);
            json = json[read..];
            if (!TryAppendCore(utf8[..written]))
            {
                return false;
            }

            if (status == OperationStatus.NeedMoreData)
            {
                _highSurrogate = json[0];
                return true;
            }

            if (status == OperationStatus.InvalidData)
            {
                return TryAppendSurrogate(json[0]);
            }
        }

        return true;
    }

    /// <summary>Declares the end of the text, which decides a number at the root. Saying it twice changes nothing.</summary>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed (<see cref="StreamProtocolError.InvalidJson"/>), or not whole (<see cref="StreamProtocolError.TruncatedJson"/>).
    /// </exception>
    /// <exception cref="StreamLimitException">The text had gone past a limit.</exception>
    public void Complete()
    {
        if (!TryComplete())
        {
            throw Error!;
        }
    }

    /// <summary>Declares the end of the text, which decides a number at the root. Saying it twice changes nothing.</summary>
    /// <returns><see langword="false"/> when the text is not one whole, well-formed JSON value: see <see cref="Error"/>.</returns>
    public bool TryComplete()
    {
        if (_isEnded || !TryFlushHighSurrogate())
        {
            return Error is null;
        }

        _isEnded = true;
        if (_reader.Complete(ref _tape) == OperationStatus.InvalidData && _mode == PartialJsonMode.Strict)
        {
            Error = _reader.CreateException();
        }

        return Error is null;
    }

    private bool CanAppend()
    {
        if (_isEnded && Error is null)
        {
            throw new InvalidOperationException("The end of the JSON text has been declared; nothing can be appended to it.");
        }

        return Error is null;
    }

    private bool TryFlushHighSurrogate()
    {
        if (_highSurrogate == default || Error is not null)
        {
            return Error is null;
        }

        return TryAppendSurrogate(_highSurrogate);
    }

    // A surrogate without its other half has no UTF-8 form. Spelt out regardless, it is refused like any other malformed byte.
    private bool TryAppendSurrogate(char surrogate) =>
        TryAppendCore([(byte)(0xE0 | (surrogate >> 12)), (byte)(0x80 | ((surrogate >> 6) & 0x3F)), (byte)(0x80 | (surrogate & 0x3F))]);

    private bool TryAppendCore(ReadOnlySpan<byte> utf8Json)
    {
        var room = _maxBytes - _byteCount;
        var isTooLong = utf8Json.Length > room;
        if (isTooLong)
        {
            utf8Json = utf8Json[..room];
        }

        Store(utf8Json);
        if (!TryRead(utf8Json))
        {
            return false;
        }

        if (isTooLong)
        {
            Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), _maxBytes, _maxBytes + 1L);
        }

        return !isTooLong;
    }

    private void Store(ReadOnlySpan<byte> utf8Json)
    {
        var needed = _byteCount + utf8Json.Length;
        if (needed > _bytes.Length)
        {
            // Snapshots may hold the old array: it is left as it is, and never goes to a pool.
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(needed, Math.Max(InitialBytes, _bytes.Length * 2)));
            WrittenSpan.CopyTo(larger);
            _bytes = larger;
        }

        utf8Json.CopyTo(_bytes.AsSpan(_byteCount));
        _byteCount = needed;
    }

    private bool TryRead(ReadOnlySpan<byte> utf8Json)
    {
        if (_reader.Read(utf8Json, ref _tape, out _) == OperationStatus.InvalidData)
        {
            Error = _reader.CreateException();
            return false;
        }

        return true;
    }

    private JsonSnapshot TakeSnapshot()
    {
        var segments = _tape.Segments;
        var rowCount = _tape.Count;
        var byteCount = (int)_reader.BytesConsumed - _reader.UndecidedBytes;
        var isLastGrowing = _tape.IsLastGrowing;
        if (isLastGrowing)
        {
            ref readonly var growing = ref JsonTape.Find(segments, rowCount - 1);
            if (!IsShown(growing, byteCount))
            {
                isLastGrowing = false;
                byteCount = growing.Start;
                rowCount--;
            }
        }

        // A name comes into sight together with its value.
        if (rowCount > 0 && JsonTape.Find(segments, rowCount - 1).Kind == JsonRowKind.PropertyName)
        {
            rowCount--;
        }

        return new JsonSnapshot(_bytes, segments, byteCount, rowCount, isLastGrowing);
    }

    private bool IsShown(in JsonRow growing, int byteCount) => growing.Kind switch
    {
        JsonRowKind.String => true,
        JsonRowKind.Number => _showGrowingNumbers && byteCount > growing.Start,
        _ => false,
    };
}
