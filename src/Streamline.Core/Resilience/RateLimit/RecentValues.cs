namespace Streamline.Resilience;

/// <summary>The last 64 values, and the value that 95 of 100 of them do not exceed. Not thread-safe.</summary>
internal sealed class RecentValues
{
    private const int Most = 64;
    private const double Share = 0.95;

    private readonly Queue<double> _values = new();
    private readonly List<double> _sorted = [];

    /// <summary>Gets the 95th percentile, rounded up to a value that was seen; <see langword="null"/> before the first one.</summary>
    public double? High => _sorted.Count == 0 ? null : _sorted[(int)Math.Ceiling((_sorted.Count - 1) * Share)];

    public void Add(double value)
    {
        _values.Enqueue(value);
        var place = _sorted.BinarySearch(value);
        _sorted.Insert(place < 0 ? ~place : place, value);
        if (_values.Count > Most)
        {
            _sorted.RemoveAt(_sorted.BinarySearch(_values.Dequeue()));
        }
    }
}
