namespace Streamline.Json;

/// <summary>The repairs of one document: a bounded list, and how many there were in all.</summary>
internal sealed class JsonRepairLog(int capacity)
{
    private PartialJsonRepair[] _repairs = [];
    private int _listed;

    public long Count { get; private set; }

    public void Add(PartialJsonRepairKind kind, long byteOffset, PartialJsonRepairConfidence confidence)
    {
        Count++;
        if (_listed == capacity)
        {
            return;
        }

        if (_listed == _repairs.Length)
        {
            Array.Resize(ref _repairs, (int)Math.Min(capacity, Math.Max(4L, _listed * 2L)));
        }

        _repairs[_listed++] = new PartialJsonRepair(kind, byteOffset, confidence);
    }

    /// <summary>The list as it is now. What is added later comes after it.</summary>
    public IReadOnlyList<PartialJsonRepair> Snapshot() => _listed == 0 ? [] : new ArraySegment<PartialJsonRepair>(_repairs, 0, _listed).AsReadOnly();
}
