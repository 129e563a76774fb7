using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>What became of a message that was given to a session.</summary>
public sealed record SessionOutcome
{
    /// <summary>Gets the message, so that it can be given again when it was not delivered.</summary>
    public required ChatMessage Message { get; init; }

    /// <summary>Gets the number of the turn in which the message was sent to the model, from 1; <see langword="null"/> when it was not.</summary>
    public int? Turn { get; init; }

    /// <summary>Gets the number of the first round of that turn which has the message, from 1; <see langword="null"/> when it was not delivered.</summary>
    public int? Round { get; init; }

    /// <summary>Gets why the message was not delivered; <see langword="null"/> when it was.</summary>
    public SessionUndelivered? Undelivered { get; init; }
}
