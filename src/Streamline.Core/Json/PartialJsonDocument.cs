using System.Buffers;
using System.Text.Json;

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
public sealed partial class PartialJsonDocument
{
    private readonly int _maxBytes;
    private readonly bool _allowsTruncation;
    private readonly bool _mayGuess;
    private readonly bool _showGrowingNumbers;
    private readonly JsonRecord _record;
    private readonly JsonRepairLog _repairs;
    private readonly JsonRepairer? _repairer; // null in the modes that repair nothing
    private int _usualMaxBytes; // the limit, as long as nothing is wrong, pending or ended; then -1, so that one comparison finds the usual append
    private int _bytesReceived;
    private JsonExtent _shown;
    private char _highSurrogate; // the last char appended, when it waits for its other half; else NUL
    private bool _isEnded;

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
        var repair = options?.Repair ?? PartialJsonRepairMode.None;
        _allowsTruncation = options?.AllowTruncation ?? true;
        _mayGuess = repair == PartialJsonRepairMode.Guess;
        _showGrowingNumbers = options?.ShowGrowingNumbers ?? false;
        _repairs = new JsonRepairLog(options?.MaxRepairs ?? PartialJsonOptions.DefaultMaxRepairs);
        var maxDepth = options?.MaxDepth ?? PartialJsonReader.DefaultMaxDepth;
        if (repair == PartialJsonRepairMode.None)
        {
            _record = new JsonRecord(maxDepth);
            Measure();
            return;
        }

        var documents = options?.Documents ?? PartialJsonDocuments.First;
        _record = new JsonRecord(maxDepth, documents == PartialJsonDocuments.All ? 0 : -1);
        _repairer = new JsonRepairer(_record, _repairs, _mayGuess, documents, options?.Schema, isWhole);
        Measure();
    }

    /// <summary>Gets the root value as far as it is decided now.</summary>
    /// <value>An immutable snapshot; of kind <see cref="JsonValueKind.Undefined"/> as long as the root value has not begun.</value>
    public PartialJsonElement RootElement => new(new JsonSnapshot(_record.Store, _shown), 0);

    /// <summary>Gets a value indicating whether the root value has arrived completely.</summary>
    /// <value>
    /// A number at the root is whole only after <see cref="Complete"/>; in the repairing modes an object, too, waits for what follows it or for the end.
    /// <see langword="false"/> once the text is at fault.
    /// </value>
    public bool IsComplete => Error is null && _record.Reader.IsRootComplete;

    /// <summary>Gets the error in the text.</summary>
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
        if (_isEnded || !TryFlushHighSurrogate())
        {
            return Error is null;
        }

        _isEnded = true;
        if (_repairer is not null)
        {
            _repairer.CatchUp(_bytesReceived);
            _repairer.Complete();
            Error = _repairer.Error;
        }

        if (_record.Complete() == OperationStatus.InvalidData && !_allowsTruncation && Error is null)
        {
            Error = _record.Reader.CreateException();
        }

        Measure();
        return Error is null;
    }

    /// <summary>Returns the buffers of a long text to their pools.</summary>
    /// <remarks>
    /// May be left out: the garbage collector takes what is not given back. After it, the document and every element, span and memory that was read from
    /// it must not be used, on any thread. Doing it twice changes nothing.
    /// </remarks>
    public void ReturnBuffers()
    {
        _isEnded = true;
        _usualMaxBytes = -1;
        _record.Store.ReturnBuffers();
    }
}
