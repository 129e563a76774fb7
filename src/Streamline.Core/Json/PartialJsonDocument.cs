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
/// a literal, a property whose value has not begun. What is malformed is an error, or is
/// repaired and reported, and what is cut short is an error at <see cref="Complete"/>, or is not, as <see cref="PartialJsonOptions.Mode"/> says.
/// </para>
/// <para>
/// Appending and taking snapshots is for one thread at a time. Elements may be kept, and read by any thread, while the document grows. Buffers
/// are left to the garbage collector, so there is nothing to dispose of.
/// </para>
/// </remarks>
public sealed partial class PartialJsonDocument
{
    private const int TranscodingBytes = 256;

    private readonly int _maxBytes;
    private readonly PartialJsonMode _mode;
    private readonly bool _showGrowingNumbers;
    private readonly JsonRecord _record;
    private readonly JsonRepairLog _repairs;
    private readonly JsonRepairer? _repairer; // null in the modes that repair nothing
    private int _bytesReceived;
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
        var maxDepth = options?.MaxDepth ?? PartialJsonReader.DefaultMaxDepth;
        if (_mode is PartialJsonMode.Strict or PartialJsonMode.Truncation)
        {
            _record = new JsonRecord(maxDepth);
            return;
        }

        var documents = options?.Documents ?? PartialJsonDocuments.First;
        _record = new JsonRecord(maxDepth, JsonRepairer.StopRow(documents));
        _repairer = new JsonRepairer(_record, _repairs, _mode, documents);
    }

    /// <summary>Gets the root value as far as it is decided now.</summary>
    /// <value>An immutable snapshot; of kind <see cref="JsonValueKind.Undefined"/> as long as the root value has not begun.</value>
    public PartialJsonElement RootElement
    {
        get
        {
            // Built in place: a copy of the snapshot would cost more than it does.
            var record = _record;
            return _repairer is not null || record.MayHideLastRow
                ? new(TakeSnapshot(), 0)
                : new(new JsonSnapshot(record.Bytes, record.Tape.Segments, record.DecidedBytes, record.Tape.Count, record.Tape.IsLastGrowing), 0);
        }
    }

    /// <summary>Gets a value indicating whether the root value has arrived whole.</summary>
    /// <value>A number at the root is whole only after <see cref="Complete"/>. <see langword="false"/> once the text is at fault.</value>
    public bool IsComplete => Error is null && _record.Reader.IsRootComplete;

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

    /// <summary>Gets the length of the text so far as it was received, in UTF-8 bytes.</summary>
    /// <value>Includes the whole of the append that failed, up to <see cref="PartialJsonOptions.MaxBytes"/>, and nothing after it.</value>
    public int BytesReceived => _bytesReceived;

    /// <summary>Gets the text so far, as it was received; in the repairing modes, as it was repaired and decided.</summary>
    /// <value>Does not change when more is appended, unless a repair takes back what was not decided.</value>
    public ReadOnlyMemory<byte> WrittenMemory => _record.WrittenMemory;

    /// <summary>Gets the text so far, as it was received; in the repairing modes, as it was repaired and decided.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _record.WrittenSpan;

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
    public bool TryAppend(ReadOnlySpan<byte> utf8Json)
    {
        // The usual append, in one step: nothing is wrong, nothing is pending, nothing is repaired, and there is room.
        if (_repairer is null && Error is null && !_isEnded && _highSurrogate == default && utf8Json.Length <= _maxBytes - _bytesReceived)
        {
            _bytesReceived += utf8Json.Length;
            return TryRead(utf8Json);
        }

        if (!CanAppend())
        {
            return false;
        }

        TryFlushHighSurrogate();
        return TryAppendCore(utf8Json);
    }

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

        // Past a fault the rest is still stored: the text so far includes the whole of the append that failed.
        Span<byte> utf8 = stackalloc byte[TranscodingBytes];
        if (_highSurrogate != default && Rune.TryCreate(_highSurrogate, json[0], out var rune))
        {
            _highSurrogate = default;
            json = json[1..];
            TryAppendCore(utf8[..rune.EncodeToUtf8(utf8)]);
        }

        TryFlushHighSurrogate();
        while (!json.IsEmpty)
        {
            var status = Utf8.FromUtf16(json, utf8, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: false);
            TryAppendCore(utf8[..written]);
            json = json[read..];
            if (status == OperationStatus.NeedMoreData)
            {
                _highSurrogate = json[0];
                break;
            }

            if (status == OperationStatus.InvalidData)
            {
                TryAppendSurrogate(json[0]);
                json = json[1..];
            }
        }

        return Error is null;
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
        if (_repairer is not null)
        {
            _repairer.Complete();
            Error = _repairer.Error;
        }

        if (_record.Complete() == OperationStatus.InvalidData && _mode == PartialJsonMode.Strict)
        {
            Error = _record.Reader.CreateException();
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

        var surrogate = _highSurrogate;
        _highSurrogate = default;
        return TryAppendSurrogate(surrogate);
    }

    // A surrogate without its other half has no UTF-8 form. Spelt out regardless, it is refused like any other malformed byte.
    private bool TryAppendSurrogate(char surrogate)
    {
        if (_repairer is not null && Error is null)
        {
            _repairs.Add(PartialJsonRepairKind.LoneSurrogate, _bytesReceived, PartialJsonRepairConfidence.Safe);
            return TryAppendCore("\uFFFD"u8);
        }

        return TryAppendCore([(byte)(0xE0 | (surrogate >> 12)), (byte)(0x80 | ((surrogate >> 6) & 0x3F)), (byte)(0x80 | (surrogate & 0x3F))]);
    }

    private bool TryAppendCore(ReadOnlySpan<byte> utf8Json)
    {
        var room = _maxBytes - _bytesReceived;
        var isTooLong = utf8Json.Length > room;
        if (isTooLong)
        {
            utf8Json = utf8Json[..room];
        }

        _bytesReceived += utf8Json.Length;
        if (Error is not null)
        {
            if (_repairer is null)
            {
                _record.Keep(utf8Json);
            }

            return false;
        }

        if (TryRead(utf8Json) && isTooLong)
        {
            Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), _maxBytes, _maxBytes + 1L);
        }

        return Error is null;
    }

    private bool TryRead(ReadOnlySpan<byte> utf8Json)
    {
        if (_repairer is not null)
        {
            _repairer.Append(utf8Json);
            Error = _repairer.Error;
        }
        else if (_record.Append(utf8Json, out _) == OperationStatus.InvalidData)
        {
            Error = _record.Reader.CreateException();
        }
        else
        {
            return true;
        }

        return Error is null;
    }

    private JsonSnapshot TakeSnapshot() =>
        _repairer is null ? _record.TakeSnapshot(showsGrowingNumber: _showGrowingNumbers || _isEnded) : _repairer.TakeSnapshot();
}
