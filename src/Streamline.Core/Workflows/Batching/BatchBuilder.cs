using System.Runtime.ExceptionServices;

namespace Streamline.Workflows;

/// <summary>The batch that is being filled, and the item that did not fit into it.</summary>
internal sealed class BatchBuilder<T>(BatchOptions<T> options)
{
    private List<T> _items = [];
    private (T Item, long Weight)? _next;
    private long _weight;
    private long _begunAt;
    private Exception? _failure;

    /// <summary>Gets a value indicating whether an item could not be weighed. It is in the batch.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Gets a value indicating whether the batch is to be handed out even if a further item is there.</summary>
    public bool IsDue =>
        _next is not null || _items.Count >= options.MaxCount || (_items.Count > 0 && (_weight >= options.MaxWeight || (Patience is { } left && left <= TimeSpan.Zero && options.MaxWait > TimeSpan.Zero)));

    /// <summary>Gets how long the batch may wait for a further item; <see langword="null"/> without limit.</summary>
    public TimeSpan? Patience =>
        _items.Count == 0 || options.MaxWait == Timeout.InfiniteTimeSpan ? null : options.MaxWait - options.TimeProvider.GetElapsedTime(_begunAt);

    public void Add(T item)
    {
        var weight = Weigh(item);
        if (_items.Count > 0 && weight > options.MaxWeight - _weight)
        {
            _next = (item, weight);
        }
        else
        {
            Append(item, weight);
        }
    }

    /// <summary>Takes the batch; <see langword="null"/> when it is empty.</summary>
    public IReadOnlyList<T>? Take()
    {
        if (_items.Count == 0)
        {
            return null;
        }

        var batch = _items;
        (_items, _weight) = ([], 0);
        if (_next is var (item, weight))
        {
            _next = null;
            Append(item, weight);
        }

        return batch;
    }

    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Append(T item, long weight)
    {
        if (_items.Count == 0)
        {
            _begunAt = options.TimeProvider.GetTimestamp();
        }

        _items.Add(item);
        _weight += weight;
    }

    private long Weigh(T item)
    {
        try
        {
            return Math.Max(0, options.Weigh?.Invoke(item) ?? 0);
        }
        catch (Exception exception)
        {
            _failure = exception;
            return 0;
        }
    }
}
