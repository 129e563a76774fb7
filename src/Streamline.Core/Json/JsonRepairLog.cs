namespace Streamline.Json;

/// <summary>The repairs of one document: a bounded list, and how many there were in all.</summary>
/// <param name="capacity">How many are listed.</param>
/// <param name="maxGuesses">How many guesses a short text may need.</param>
internal sealed class JsonRepairLog(int capacity, int maxGuesses)
{
    private const int BytesPerGuess = 16; // more guesses than that, and the text is not JSON

    private int _guesses;
    private PartialJsonRepair[] _repairs = [];
    private int _listed;

    public long Count { get; private set; }

    /// <summary>Adds a repair.</summary>
    /// <returns>The limit that it passes; <see langword="null"/> for none.</returns>
    public StreamLimitException? Add(PartialJsonRepairKind kind, long byteOffset, PartialJsonRepairConfidence confidence)
    {
        Count++;
        _guesses += confidence == PartialJsonRepairConfidence.Guess ? 1 : 0;
        var limit = maxGuesses + (byteOffset / BytesPerGuess);
        if (_guesses > limit)
        {
            return new StreamLimitException(nameof(PartialJsonOptions.MaxGuesses), limit, _guesses);
        }

        if (_listed == capacity)
        {
            return null;
        }

        if (_listed == _repairs.Length)
        {
            Array.Resize(ref _repairs, (int)Math.Min(capacity, Math.Max(4L, _listed * 2L)));
        }

        _repairs[_listed++] = new PartialJsonRepair(kind, byteOffset, confidence);
        return null;
    }

    /// <summary>The list as it is now. What is added later comes after it.</summary>
    public IReadOnlyList<PartialJsonRepair> Snapshot() => _listed == 0 ? [] : new ArraySegment<PartialJsonRepair>(_repairs, 0, _listed).AsReadOnly();
}
