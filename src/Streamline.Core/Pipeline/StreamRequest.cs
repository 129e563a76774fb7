using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>What to ask a model: a conversation, options, and whatever a provider takes beyond these.</summary>
/// <remarks>Immutable but for the objects that it holds, which must not be changed while a stream runs. Derive a changed one by <c>with</c>.</remarks>
public sealed record StreamRequest
{
    /// <summary>Gets the conversation, oldest message first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Gets the options, such as the model, tools and limits; <see langword="null"/> for the client's defaults.</summary>
    public ChatOptions? Options { get; init; }

    /// <summary>Gets members to add to the body of the request as they are, over those that the client writes; <see langword="null"/> for none.</summary>
    public JsonObject? ExtraBody { get; init; }
}
