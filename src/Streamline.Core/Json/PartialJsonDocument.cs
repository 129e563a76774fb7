using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Streamline.Json;

/// <summary>A JSON document that grows as its text arrives, and can be read at any moment.</summary>
/// <remarks>
/// <para>
/// Every byte is looked at once. <see cref="RootElement"/> is a snapshot: it costs nothing to take, shows everything that is decided so far, and never
/// changes. What the next bytes could still change is not in it: a number that may grow, half an escape or character, the beginning of
/// a literal, a property whose value has not begun. What is malformed is an error, or is
/// repaired and reported, as <see cref="PartialJsonOptions.Repair"/> says; what is cut short is an error at <see cref="Complete"/>, or is not, as
/// <see cref="PartialJsonOptions.AllowTruncation"/> says.
/// </para>
/// <para>
/// Appending and taking snapshots is for one thread at a time. Elements may be kept, and read by any thread, while the document grows. Buffers
/// are left to the garbage collector, so there is nothing to dispose of; who reads many long texts may give them back with <see cref="ReturnBuffers"/>.
/// </para>
/// </remarks>
public sealed class PartialJsonDocument
{
    private const int ShortChars = 32; // of the usual delta
    private const int MaxBytesPerChar = 3;
    private const int TranscodingBytes = 256;

    private readonly int _maxBytes;
    private readonly bool _allowsTruncation;
    private int _usualMaxBytes; // the limit, as long as nothing is wrong, pending or ended; then -1, so that one comparison finds the usual append
    private int _bytesReceived;
    private JsonReading _reading;
    private JsonCharInput _chars;

    /// <summary>Initializes a new instance of the <see cref="PartialJsonDocument"/> class.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    public PartialJsonDocument(PartialJsonOptions? options = null)
        : this(options, isWhole: false)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="PartialJsonDocument"/> class for a text that may be at hand as a whole.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="isWhole">Whether nobody looks at the document before the end of its text.</param>
    internal PartialJsonDocument(PartialJsonOptions? options, bool isWhole)
    {
        _maxBytes = options?.MaxBytes ?? PartialJsonOptions.DefaultMaxBytes;
        _allowsTruncation = options?.AllowTruncation ?? true;
        _reading = new JsonReading(options, isWhole);
        Measure();
    }

    /// <summary>Gets the root value as far as it is decided now.</summary>
    /// <value>An immutable snapshot; of kind <see cref="JsonValueKind.Undefined"/> as long as the root value has not begun.</value>
    public PartialJsonElement RootElement => new(new JsonSnapshot(_reading.Record.Store, _reading.Shown), 0);

    /// <summary>Gets a value indicating whether the root value has arrived completely.</summary>
    /// <value>
    /// A number at the root is whole only after <see cref="Complete"/>; in the repairing modes an object, too, waits for what follows it or for the end.
    /// <see langword="false"/> once the text is at fault.
    /// </value>
    public bool IsComplete => Error is null && _reading.Record.Reader.IsRootComplete;

    /// <summary>Gets the error in the text.</summary>
    /// <value>
    /// <see langword="null"/> as long as nothing is; a <see cref="StreamProtocolException"/> when the text is malformed, or was not whole at its end; a
    /// <see cref="StreamLimitException"/> when it went past a limit. What came before the fault stays readable.
    /// </value>
    public StreamlineException? Error => _reading.Error;

    /// <summary>Gets what was repaired so far, in the order in which it was decided.</summary>
    /// <value>A list that does not change when more is appended, of at most <see cref="PartialJsonOptions.MaxRepairs"/> repairs. Empty in the modes that repair nothing.</value>
    public IReadOnlyList<PartialJsonRepair> Repairs => _reading.Repairs.Snapshot();

    /// <summary>Gets how many repairs were made so far, also those that are not listed.</summary>
    public long RepairCount => _reading.Repairs.Count;

    /// <summary>Gets the length of the text so far as it was received, in UTF-8 bytes.</summary>
    /// <value>Includes the whole of the append that failed, up to <see cref="PartialJsonOptions.MaxBytes"/>, and nothing after it.</value>
    public int BytesReceived => _bytesReceived;

    /// <summary>Gets the text so far, as it was received; in the repairing modes, as it was repaired and decided.</summary>
    /// <value>Does not change when more is appended, unless a repair takes back what was not decided. Of more than 64 KiB it is a copy, to which only what is new is added each time.</value>
    public ReadOnlyMemory<byte> WrittenMemory => _reading.Record.WrittenMemory;

    /// <summary>Gets the text so far, as it was received; in the repairing modes, as it was repaired and decided.</summary>
    /// <value>See <see cref="WrittenMemory"/>.</value>
    public ReadOnlySpan<byte> WrittenSpan => _reading.Record.WrittenMemory.Span;

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

    /// <summary>Appends the next bytes of the text, and tells whether the text is still valid.</summary>
    /// <param name="utf8Json">UTF-8 bytes, cut anywhere. They are copied.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length <= _usualMaxBytes - _bytesReceived)
        {
            return TryAppendUsual(utf8Json);
        }

        if (!CanAppend() || utf8Json.IsEmpty)
        {
            return Error is null;
        }

        TryFlushHighSurrogate();
        return TryAppendCore(utf8Json);
    }

    /// <summary>Appends the next characters of the text, and tells whether the text is still valid.</summary>
    /// <param name="json">UTF-16 code units, cut anywhere, also between the halves of a surrogate pair.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<char> json)
    {
        if (json.Length <= ShortChars && json.Length * MaxBytesPerChar <= _usualMaxBytes - _bytesReceived)
        {
            Span<byte> utf8 = stackalloc byte[ShortChars * MaxBytesPerChar];
            if (Utf8.FromUtf16(json, utf8, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done)
            {
                return TryAppendUsual(utf8[..length]);
            }
        }

        return TryAppendInParts(json);
    }

    /// <summary>Declares the end of the text, which completes a number at the root. A second call has no effect.</summary>
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

    /// <summary>Declares the end of the text, which completes a number at the root. A second call has no effect.</summary>
    /// <returns><see langword="false"/> when the text is not one whole, well-formed JSON value: see <see cref="Error"/>.</returns>
    public bool TryComplete()
    {
        if (_reading.IsEnded || !TryFlushHighSurrogate())
        {
            return Error is null;
        }

        _reading.Complete(_bytesReceived, _allowsTruncation);
        _usualMaxBytes = -1;
        return Error is null;
    }

    /// <summary>Returns the buffers of a long text to their pools.</summary>
    /// <remarks>
    /// May be left out: the garbage collector takes what is not given back. After it, the document and every element, span and memory that was read from
    /// it must not be used, on any thread. Doing it twice changes nothing.
    /// </remarks>
    public void ReturnBuffers()
    {
        _reading.IsEnded = true;
        _usualMaxBytes = -1;
        _reading.Record.Store.ReturnBuffers();
    }

    /// <summary>Whether more than one document was found.</summary>
    internal bool HasFurtherDocuments => _reading.HasFurtherDocuments;

    /// <summary>How many bytes were looked at, those included that were looked at again. A measure of the work done.</summary>
    internal long BytesExamined => _reading.CountExamined(_bytesReceived);

    /// <summary>Writes the text as it was read, up to the last of what is decided, and closes what is open.</summary>
    internal void WriteWhole(IBufferWriter<byte> destination) => JsonCutWriter.Write(_reading, _bytesReceived, destination);

    private bool TryAppendInParts(ReadOnlySpan<char> json)
    {
        if (!CanAppend() || json.IsEmpty)
        {
            return Error is null;
        }

        // Past a fault the rest is still stored: the text so far includes the whole of the append that failed.
        Span<byte> utf8 = stackalloc byte[TranscodingBytes];
        while (!json.IsEmpty)
        {
            var written = _chars.Take(ref json, utf8, out var lone);
            TryAppendCore(utf8[..written]);
            if (lone != default)
            {
                TryAppendSurrogate(lone);
            }
        }

        Measure();
        return Error is null;
    }

    private bool CanAppend()
    {
        if (_reading.IsEnded && Error is null)
        {
            throw new InvalidOperationException("The end of the JSON text has been declared; nothing can be appended to it.");
        }

        return Error is null;
    }

    private bool TryFlushHighSurrogate() => _chars.IsHolding && Error is null ? TryAppendSurrogate(_chars.TakeHeld()) : Error is null;

    // A surrogate without its other half has no UTF-8 form. Spelt out regardless, it is refused like any other malformed byte.
    private bool TryAppendSurrogate(char surrogate)
    {
        if (_reading.IsRepairing && Error is null)
        {
            _reading.Repairs.Add(PartialJsonRepairKind.LoneSurrogate, _bytesReceived, PartialJsonRepairConfidence.Safe);
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
        if (_reading.TryAppend(utf8Json, _bytesReceived - utf8Json.Length) && isTooLong)
        {
            _reading.Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), _maxBytes, _maxBytes + 1L);
        }

        Measure();
        return Error is null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAppendUsual(ReadOnlySpan<byte> utf8Json)
    {
        _bytesReceived += utf8Json.Length;
        if (_reading.TryAppendUsual(utf8Json, _bytesReceived))
        {
            return true;
        }

        Measure();
        return Error is null;
    }

    // Whatever may have changed what is shown, or what the usual append is, ends with this.
    private void Measure()
    {
        _reading.Measure();
        _usualMaxBytes = _reading.IsUsual && !_chars.IsHolding
            ? Math.Min(_maxBytes, _bytesReceived + JsonRow.MaxTextBytes - _reading.Record.ByteCount) // a repaired text may be the longer one
            : -1;
    }
}
