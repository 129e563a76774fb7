using System.Text;

namespace Streamline.Tools;

/// <summary>The events that wait for one observer. Events are added under the lock of the session and taken by the observer.</summary>
internal sealed class SessionObserver(SessionObserverPolicy policy, int capacity, Func<SessionSnapshot> snapshot)
{
    /// <summary>How many events may wait for one place of the capacity: those of messages cannot be made to wait for room.</summary>
    private const int MaxExcess = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = new();
    private TaskCompletionSource? _arrival;
    private TaskCompletionSource? _room;
    private bool _isOver;
    private bool _isBehind;

    /// <summary>Adds an event. It never waits; see <see cref="RoomAsync"/>.</summary>
    public void Add(SessionEvent sessionEvent)
    {
        lock (_lock)
        {
            if (_isOver || _isBehind)
            {
                return; // what it missed will be in the snapshot
            }

            if (_entries.Count < capacity || (policy == SessionObserverPolicy.Wait && _entries.Count < (long)capacity * MaxExcess))
            {
                _entries.AddLast(new Entry(sessionEvent));
            }
            else if (policy == SessionObserverPolicy.Latest || _entries.Count >= (long)capacity * MaxExcess)
            {
                _entries.Clear();
                _isBehind = true;
                _room?.TrySetResult();
                _room = null;
            }
            else if (_entries.Last is not { } last || !last.Value.TryMerge(sessionEvent))
            {
                _entries.AddLast(new Entry(sessionEvent));
            }

            _arrival?.TrySetResult();
            _arrival = null;
        }
    }

    /// <summary>Completes when the session may continue with the next event.</summary>
    public Task RoomAsync()
    {
        lock (_lock)
        {
            return _entries.Count <= capacity || _isOver ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Ends the events; those that wait can still be taken.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isOver = true;
            _arrival?.TrySetResult();
            _room?.TrySetResult();
        }
    }

    /// <summary>Takes the next event; <see langword="null"/> at the end.</summary>
    public async ValueTask<SessionEvent?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            bool isBehind;
            lock (_lock)
            {
                if (_entries.First is { } first)
                {
                    _entries.RemoveFirst();
                    if (_entries.Count <= capacity)
                    {
                        _room?.TrySetResult();
                        _room = null;
                    }

                    return first.Value.Event;
                }

                isBehind = _isBehind;
                if (!isBehind && _isOver)
                {
                    return null;
                }

                arrival = (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (isBehind)
            {
                return snapshot();
            }

            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes up the events again. Called under the lock of the session, with the snapshot being made.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            _isBehind = false;
        }
    }

    /// <summary>An event, into which later deltas of the same block may be merged.</summary>
    private sealed class Entry(SessionEvent sessionEvent)
    {
        private SessionStreamEvent? _latest = sessionEvent as SessionStreamEvent;
        private StringBuilder? _text;

        public SessionEvent Event => _text is null ? sessionEvent : new SessionStreamEvent(_latest!.Turn, WithText(_latest.Event, _text.ToString()));

        public bool TryMerge(SessionEvent next)
        {
            if (_latest is null || next is not SessionStreamEvent { Event: var delta } later || !AreOfOneBlock(_latest.Event, delta))
            {
                return false;
            }

            (_text ??= new StringBuilder(TextOf(_latest.Event))).Append(TextOf(delta));
            _latest = later; // whose view of a tool's input includes that of the earlier ones
            return true;
        }

        private static bool AreOfOneBlock(StreamEvent earlier, StreamEvent later) => (earlier, later) switch
        {
            (TextDelta first, TextDelta second) => first.Index == second.Index,
            (ReasoningDelta first, ReasoningDelta second) => first.Index == second.Index,
            (RefusalDelta first, RefusalDelta second) => first.Index == second.Index,
            (ToolInputDelta first, ToolInputDelta second) => first.Index == second.Index && first.CallId == second.CallId,
            _ => false,
        };

        private static string TextOf(StreamEvent delta) => delta switch
        {
            TextDelta text => text.Text,
            ReasoningDelta reasoning => reasoning.Text,
            RefusalDelta refusal => refusal.Text,
            _ => ((ToolInputDelta)delta).Fragment,
        };

        private static StreamEvent WithText(StreamEvent delta, string text) => delta switch
        {
            TextDelta old => new TextDelta { Index = old.Index, Text = text },
            ReasoningDelta old => new ReasoningDelta { Index = old.Index, Text = text },
            RefusalDelta old => new RefusalDelta { Index = old.Index, Text = text },
            ToolInputDelta old => new ToolInputDelta { Index = old.Index, CallId = old.CallId, Fragment = text, Input = old.Input },
            _ => delta,
        };
    }
}
