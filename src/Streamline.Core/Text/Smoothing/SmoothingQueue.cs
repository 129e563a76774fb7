using System.Globalization;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>
/// Decides which piece of the waiting text is shown when. It has no clock: times are handed in, as time since any fixed moment.
/// </summary>
/// <remarks>
/// Text leaves in ticks, one per <see cref="SmoothingOptions.Interval"/>. A tick lets out what arrives in that time on average, and at least
/// what has to leave now so that an even number of characters per tick keeps every deadline.
/// </remarks>
internal sealed class SmoothingQueue(SmoothingOptions options)
{
    /// <summary>How many characters may wait: text that comes faster is not smoothed.</summary>
    internal const int MaxWaitingChars = 64 * 1024;

    // The arrival rate is an average over about this long.
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    private readonly Queue<SmoothingItem> _items = new();
    private readonly List<Arrival> _arrivals = []; // of the waiting characters, oldest first
    private SmoothingItem? _last;
    private double _charsPerSecond;
    private TimeSpan _lastArrival;
    private TimeSpan _nextTick;
    private int _budget;
    private int _waitingChars;
    private bool _isFlushing;

    /// <summary>Gets a value indicating whether nothing waits.</summary>
    public bool IsEmpty => _items.Count == 0;

    /// <summary>Takes in the next event of the stream. A delta without text adds nothing to its block, and is dropped.</summary>
    public void Add(StreamEvent streamEvent, TimeSpan now)
    {
        if (TextOf(streamEvent) is { } text)
        {
            if (text.Length > 0)
            {
                AddText(streamEvent, text, now);
            }

            return;
        }

        _last = new SmoothingItem(streamEvent);
        _items.Enqueue(_last);
        if (streamEvent is RetryScheduled || !(streamEvent.IsReport || streamEvent is UsageUpdated or ProviderMetadata or ProviderEvent or CitationAdded or TextFinding or MarkdownUpdated or CodeBlockUpdated))
        {
            Flush();
        }
    }

    /// <summary>Lets everything out that waits now.</summary>
    public void Flush() => _isFlushing = _items.Count > 0;

    /// <summary>Takes the next event that is to be shown by now.</summary>
    public bool TryTake(TimeSpan now, out StreamEvent? streamEvent)
    {
        streamEvent = null;
        if (!_items.TryPeek(out var item))
        {
            return false;
        }

        if (!item.IsText)
        {
            streamEvent = item.Event;
        }
        else if (PieceLength(item, now) is > 0 and var length)
        {
            streamEvent = item.Cut(length);
            Leave(length);
        }

        if (streamEvent is not null && item.IsEmpty)
        {
            _items.Dequeue();
            _last = _items.Count == 0 ? null : _last;
            _isFlushing &= _items.Count > 0;
        }

        return streamEvent is not null;
    }

    /// <summary>Gets how long nothing has to be shown; <see langword="null"/> for as long as no event comes.</summary>
    public TimeSpan? UntilDue(TimeSpan now)
    {
        if (!_items.TryPeek(out var item))
        {
            return null;
        }

        var due = _nextTick;
        if (item.IsText && WholeLength(item, most: 1, isClosed: item != _last) == 0 && LastTick > due)
        {
            due = LastTick;
        }

        return due > now ? due - now : TimeSpan.Zero;
    }

    // The last grapheme cluster may still grow. It is shown a tick before its deadline all the same.
    private TimeSpan LastTick => _arrivals[^1].Deadline - options.Interval;

    private string? TextOf(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta delta => delta.Text,
        ReasoningDelta delta when options.IncludeReasoning => delta.Text,
        RefusalDelta delta => delta.Text,
        _ => null,
    };

    private void AddText(StreamEvent delta, string text, TimeSpan now)
    {
        if (_last?.IsContinuedBy(delta) != true)
        {
            _last = new SmoothingItem(delta, isText: true);
            _items.Enqueue(_last);
        }

        _last.Append(text);
        _waitingChars += text.Length;
        _arrivals.Add(new Arrival(text.Length, now + options.MaxDelay));
        _charsPerSecond = (_charsPerSecond * Math.Exp(-(now - _lastArrival) / RateWindow)) + (text.Length / RateWindow.TotalSeconds);
        _lastArrival = now;
        if (_waitingChars > MaxWaitingChars)
        {
            Flush();
        }
    }

    // 0 when no piece is due.
    private int PieceLength(SmoothingItem item, TimeSpan now)
    {
        if (_isFlushing)
        {
            return WholeLength(item, options.MaxChars, isClosed: true);
        }

        if (_budget <= 0 && now >= _nextTick)
        {
            _budget = Math.Max((int)(_charsPerSecond * options.Interval.TotalSeconds), DueChars(now));
            _nextTick = now + options.Interval;
        }

        if (_budget <= 0)
        {
            return 0;
        }

        var isClosed = item != _last || now >= LastTick;
        var length = WholeLength(item, Math.Min(options.MaxChars, _budget), isClosed);
        _budget = length == 0 ? 0 : _budget - length;
        return length;
    }

    // What an even pace up to each deadline takes.
    private int DueChars(TimeSpan now)
    {
        var (waiting, due) = (0, 1);
        foreach (var arrival in _arrivals)
        {
            waiting += arrival.Chars;
            var ticks = 1 + (int)Math.Max(0, Math.Floor((arrival.Deadline - now) / options.Interval));
            due = Math.Max(due, (waiting + ticks - 1) / ticks);
        }

        return due;
    }

    /// <summary>Gets the length of whole grapheme clusters: as many as fit, and one at least, except a last one that may still grow.</summary>
    private static int WholeLength(SmoothingItem item, int most, bool isClosed)
    {
        var text = item.Waiting;
        var length = 0;
        while (length < text.Length)
        {
            var cluster = StringInfo.GetNextTextElementLength(text[length..]);
            if ((length > 0 && length + cluster > most) || (length + cluster == text.Length && !isClosed))
            {
                break;
            }

            length += cluster;
        }

        return length;
    }

    private void Leave(int chars)
    {
        _waitingChars -= chars;
        var gone = 0;
        for (; chars > 0 && _arrivals[gone].Chars <= chars; gone++)
        {
            chars -= _arrivals[gone].Chars;
        }

        if (chars > 0)
        {
            _arrivals[gone] = _arrivals[gone] with { Chars = _arrivals[gone].Chars - chars };
        }

        _arrivals.RemoveRange(0, gone);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Arrival(int Chars, TimeSpan Deadline);
}
