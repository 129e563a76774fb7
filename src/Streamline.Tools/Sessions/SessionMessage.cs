using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>A message that was given to a session: it can be changed while it waits, and tells what became of it. Thread-safe.</summary>
public sealed class SessionMessage
{
    private readonly SessionMailbox _mailbox;
    private readonly TaskCompletionSource<SessionOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SessionMessage(SessionMailbox mailbox, string id, SessionMessageKind kind, ChatMessage message) =>
        (_mailbox, Id, Kind, Message) = (mailbox, id, kind, message);

    /// <summary>Gets the id of the message, unique in its session.</summary>
    public string Id { get; }

    /// <summary>Gets when the message is to be delivered.</summary>
    public SessionMessageKind Kind { get; }

    /// <summary>Gets the message.</summary>
    public ChatMessage Message { get; internal set; }

    /// <summary>Gets what became of the message: it completes when the message is part of a request, or is not going to be. It does not fail.</summary>
    public Task<SessionOutcome> Outcome => _outcome.Task;

    /// <summary>Takes the message back.</summary>
    /// <returns>Whether it still waited.</returns>
    public bool TryCancel() => _mailbox.TryCancel(this);

    /// <summary>Replaces the message.</summary>
    /// <param name="message">The new message, of the user.</param>
    /// <returns>Whether it still waited.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty or blank.</exception>
    public bool TryEdit(ChatMessage message)
    {
        ThrowIfBlank(message);
        return _mailbox.TryEdit(this, message);
    }

    /// <summary>Moves the message among those of its kind that wait.</summary>
    /// <param name="position">The new place, from 0; past the end for the last.</param>
    /// <returns>Whether it still waited.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is negative.</exception>
    public bool TryMove(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return _mailbox.TryMove(this, position);
    }

    /// <summary>Refuses a message of which nothing would be sent, before it is part of the conversation.</summary>
    internal static void ThrowIfBlank(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Contents.All(static content => content is TextContent { RawRepresentation: null } text && string.IsNullOrWhiteSpace(text.Text)))
        {
            throw new ArgumentException("The message has nothing to send: it is empty or blank.", nameof(message));
        }
    }

    internal void Settle(SessionOutcome outcome) => _outcome.TrySetResult(outcome);
}
