using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>A turn ended.</summary>
public sealed class SessionTurnEnded : SessionEvent
{
    internal SessionTurnEnded(int turn, SessionTurnEnd end, ChatResponse response, Exception? failure) =>
        (Turn, End, Response, Failure) = (turn, end, response, failure);

    /// <summary>Gets the number of the turn, from 1.</summary>
    public int Turn { get; }

    /// <summary>Gets how the turn ended.</summary>
    public SessionTurnEnd End { get; }

    /// <summary>Gets the answer of the turn, as far as it arrived: the messages of every round, with those of the user that were delivered between them.</summary>
    public ChatResponse Response { get; }

    /// <summary>Gets the text of the answer: that of the model's messages, in their order, one below the other. Messages of the user that were delivered between them are left out.</summary>
    public string AnswerText =>
        string.Join('\n', Response.Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text).Where(text => text.Length > 0));

    /// <summary>Gets what the stream failed with; <see langword="null"/> if it did not.</summary>
    /// <value>Also there for a turn that was cut off, if the client failed with something other than a cancellation.</value>
    public Exception? Failure { get; }
}
