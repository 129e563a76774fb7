using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>The messages that wait to be delivered. Used under the lock of the session, except where it says otherwise.</summary>
/// <param name="sync">The lock of the session.</param>
/// <param name="maxPending">How many messages may wait.</param>
/// <param name="publish">Tells the observers.</param>
internal sealed class SessionMailbox(Lock sync, int maxPending, Action<SessionEvent> publish)
{
    private readonly List<SessionMessage> _messages = [];
    private int _ids;

    /// <summary>The messages, in the order in which they will be delivered.</summary>
    public IEnumerable<SessionMessage> InOrder => _messages.Where(IsUrgent).Concat(_messages.Where(message => !IsUrgent(message)));

    public bool IsEmpty => _messages.Count == 0;

    public SessionMessage Make(SessionMessageKind kind, ChatMessage message) => new(this, $"message-{++_ids}", kind, message);

    /// <summary>Adds a message, unless too many wait; then it is settled.</summary>
    public bool TryAdd(SessionMessage message)
    {
        // An interruption that is refused would leave a turn running that somebody wants to end, so these are counted apart.
        if (_messages.Count(other => (other.Kind == SessionMessageKind.Interrupt) == (message.Kind == SessionMessageKind.Interrupt)) >= maxPending)
        {
            Settle(message, new SessionOutcome { Message = message.Message, Undelivered = SessionUndelivered.Overloaded });
            return false;
        }

        Insert(message);
        return true;
    }

    /// <summary>Adds a message that has waited in an earlier process, whatever the limit is now.</summary>
    public void Restore(SessionMessageKind kind, ChatMessage message) => Insert(Make(kind, message));

    /// <summary>Takes a message back. Takes the lock.</summary>
    public bool TryCancel(SessionMessage message)
    {
        lock (sync)
        {
            if (!_messages.Remove(message))
            {
                return false;
            }

            Settle(message, new SessionOutcome { Message = message.Message, Undelivered = SessionUndelivered.Cancelled });
            return true;
        }
    }

    /// <summary>Replaces a message. Takes the lock.</summary>
    public bool TryEdit(SessionMessage message, ChatMessage edited)
    {
        lock (sync)
        {
            if (!_messages.Contains(message))
            {
                return false;
            }

            message.Message = edited;
            publish(new SessionMessageEvent(message, outcome: null));
            return true;
        }
    }

    /// <summary>Moves a message among those of its kind. Takes the lock.</summary>
    public bool TryMove(SessionMessage message, int position)
    {
        lock (sync)
        {
            if (!_messages.Remove(message))
            {
                return false;
            }

            var places = _messages.Index().Where(other => other.Item.Kind == message.Kind).Select(other => other.Index).ToList();
            _messages.Insert(position < places.Count ? places[position] : places.Count > 0 ? places[^1] + 1 : FirstPlaceOf(message.Kind), message);
            publish(new SessionMessageEvent(message, outcome: null));
            return true;
        }
    }

    /// <summary>Takes what is to be delivered within the turn that runs.</summary>
    public List<SessionMessage> TakeSteers() => Take(message => message.Kind == SessionMessageKind.Steer);

    /// <summary>Takes what begins the next turn: all that is urgent, or the first message of the queue. There must be one.</summary>
    public List<SessionMessage> TakeNext()
    {
        var next = Take(IsUrgent);
        if (next.Count == 0)
        {
            next.Add(_messages[0]);
            _messages.RemoveAt(0);
        }

        return next;
    }

    /// <summary>Tells of messages that are part of a request now.</summary>
    public void Deliver(List<SessionMessage> messages, int turn, int round) =>
        messages.ForEach(message => Settle(message, new SessionOutcome { Message = message.Message, Turn = turn, Round = round }));

    /// <summary>Gives all messages back.</summary>
    public void Drop(SessionUndelivered why)
    {
        List<SessionMessage> all = [.. InOrder];
        _messages.Clear();
        all.ForEach(message => Settle(message, new SessionOutcome { Message = message.Message, Undelivered = why }));
    }

    private void Insert(SessionMessage message)
    {
        // An interruption comes before what was to steer the turn that it ends.
        var place = message.Kind == SessionMessageKind.Interrupt ? _messages.TakeWhile(other => other.Kind == SessionMessageKind.Interrupt).Count() : _messages.Count;
        _messages.Insert(place, message);
        publish(new SessionMessageEvent(message, outcome: null));
    }

    private int FirstPlaceOf(SessionMessageKind kind) => kind == SessionMessageKind.Interrupt ? 0 : _messages.Count;

    private void Settle(SessionMessage message, SessionOutcome outcome)
    {
        message.Settle(outcome);
        publish(new SessionMessageEvent(message, outcome));
    }

    private List<SessionMessage> Take(Predicate<SessionMessage> which)
    {
        var taken = _messages.FindAll(which);
        _messages.RemoveAll(which);
        return taken;
    }

    private static bool IsUrgent(SessionMessage message) => message.Kind is SessionMessageKind.Interrupt or SessionMessageKind.Steer;
}
