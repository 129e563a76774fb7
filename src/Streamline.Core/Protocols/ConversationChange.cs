using System.Globalization;

namespace Streamline.Protocols;

/// <summary>One change that was made to a conversation so that a provider accepts it.</summary>
/// <remarks>It names messages and calls, but never contains their content.</remarks>
public sealed record ConversationChange
{
    /// <summary>Gets what was changed.</summary>
    public required ConversationChangeKind Kind { get; init; }

    /// <summary>Gets the message that was changed.</summary>
    /// <value>The index in the conversation as it was given, from 0; <see langword="null"/> for a message that was not in it.</value>
    public int? MessageIndex { get; init; }

    /// <summary>Gets the id of the tool call, as it was given; <see langword="null"/> for a change that is not about a call.</summary>
    public string? CallId { get; init; }

    /// <summary>Gets the new id of the call or the new name of the tool; <see langword="null"/> for any other change.</summary>
    public string? NewValue { get; init; }

    /// <summary>Describes the change on one line.</summary>
    /// <returns>The kind, and where it was made.</returns>
    public override string ToString()
    {
        var message = MessageIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $" in message {index}") : "";
        var call = CallId is null ? "" : $" of the call '{CallId}'";
        return $"{Kind}{call}{message}{(NewValue is null ? "" : $": '{NewValue}'")}";
    }
}
