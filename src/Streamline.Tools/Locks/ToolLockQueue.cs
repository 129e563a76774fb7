namespace Streamline.Tools;

/// <summary>The tickets that want one key, in order of arrival. Used under the lock of the table.</summary>
/// <remarks>
/// A writer is free when it is the first; a reader, when there are only readers before it. So a place that leaves can free only those right after it, up to the first that stays
/// blocked: the work does not grow with the length of the queue.
/// </remarks>
internal sealed class ToolLockQueue
{
    private ToolLockPlace? _last;
    private int _lostToRead; // abandoned writers, which exclude readers too
    private int _lostToWrite; // abandoned tickets of either kind

    public bool IsEmpty => _last is null;

    /// <summary>Whether a ticket that may never give the key back excludes one that comes now.</summary>
    public bool IsLost(bool isWrite) => (isWrite ? _lostToWrite : _lostToRead) > 0;

    public void Add(ToolLockPlace place)
    {
        place.Previous = _last;
        if (_last is not null)
        {
            _last.Next = place;
        }

        _last = place;
        place.IsFree = IsUnblocked(place);
    }

    /// <summary>Takes a place out.</summary>
    /// <param name="place">The place.</param>
    /// <param name="freed">Called for each place that is free from now on.</param>
    public void Remove(ToolLockPlace place, Action<ToolLockPlace> freed)
    {
        if (place.Ticket.IsAbandoned)
        {
            CountLost(place, -1);
        }

        _last = place.Next is null ? place.Previous : _last;
        if (place.Previous is not null)
        {
            place.Previous.Next = place.Next;
        }

        if (place.Next is not null)
        {
            place.Next.Previous = place.Previous;
        }

        for (var next = place.Next; next is { IsFree: false } && IsUnblocked(next); next = next.Next)
        {
            next.IsFree = true;
            freed(next);
        }
    }

    /// <summary>Notes that the ticket of a place may never give the key back.</summary>
    /// <returns>The places that it excludes.</returns>
    public List<ToolLockPlace> Abandon(ToolLockPlace place)
    {
        CountLost(place, 1);
        List<ToolLockPlace> excluded = [];
        for (var next = place.Next; next is not null; next = next.Next)
        {
            if (place.IsWrite || next.IsWrite)
            {
                excluded.Add(next);
            }
        }

        return excluded;
    }

    private static bool IsUnblocked(ToolLockPlace place) => place.Previous is not { } previous || (!place.IsWrite && !previous.IsWrite && previous.IsFree);

    private void CountLost(ToolLockPlace place, int change)
    {
        _lostToWrite += change;
        _lostToRead += place.IsWrite ? change : 0;
    }
}
