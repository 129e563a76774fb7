using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>What to ask a model: a conversation, options, and whatever a provider takes beyond these.</summary>
/// <remarks>Immutable but for the objects that it holds, which must not be changed while a stream runs. Derive a changed one by <c>with</c>.</remarks>
public sealed record StreamRequest
{
    /// <summary>Gets the conversation, oldest message first.</summary>
    /// <value>A copy of the list that it is set to, so that what is added to that list later is not sent with this request. The messages are not copied.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A message is <see langword="null"/>.</exception>
    public required IReadOnlyList<ChatMessage> Messages
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            ChatMessage[] messages = [.. value];
            if (Array.IndexOf(messages, null) is >= 0 and var index)
            {
                throw new ArgumentException($"Message {index} is null; expected a message.", nameof(value));
            }

            field = messages;
        }
    }

    /// <summary>Gets the options, such as the model, tools and limits; <see langword="null"/> for the client's defaults.</summary>
    public ChatOptions? Options { get; init; }

    /// <summary>Gets members to add to the body of the request as they are, over those that the client writes; <see langword="null"/> for none.</summary>
    public JsonObject? ExtraBody { get; init; }
}
