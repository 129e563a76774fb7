using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>What to ask a model: a conversation, options, and anything else that a provider accepts.</summary>
/// <remarks>Immutable except for the objects that it holds, which must not be changed while a stream runs. Derive a changed request with <c>with</c>.</remarks>
public sealed record StreamRequest
{
    /// <summary>Gets the conversation, oldest message first.</summary>
    /// <value>A copy of the list that is set. Messages that are added to that list later are not part of the request.</value>
    /// <exception cref="ArgumentNullException">The list is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A message or one of its contents is <see langword="null"/>.</exception>
    public required IReadOnlyList<ChatMessage> Messages
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Messages));
            var messages = value.ToArray();
            if (Array.IndexOf(messages, null) is >= 0 and var index)
            {
                throw new ArgumentException($"Message {index} is null.", nameof(Messages));
            }

            if (Array.FindIndex(messages, static message => message.Contents.Contains(null!)) is >= 0 and var holder)
            {
                throw new ArgumentException($"Message {holder} has a content that is null.", nameof(Messages));
            }

            field = messages;
        }
    }

    /// <summary>Gets the options, such as the model, tools and limits; <see langword="null"/> for the client's defaults.</summary>
    /// <value>A copy of the options that are set. Options that are changed later do not change the request.</value>
    public ChatOptions? Options
    {
        get;
        init => field = value?.Clone();
    }

    /// <summary>Gets members to add to the body of the request unchanged, over those that the client writes; <see langword="null"/> for none.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Gets a value indicating whether the last message, which is the assistant's, is to be continued rather than answered.</summary>
    internal bool ContinuesLastMessage { get; init; }

    /// <summary>Gets values for the stages of the pipeline, by keys of their own, such as the type of the value. They are never sent. Default: none.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public IReadOnlyDictionary<object, object> Items
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Items));
            field = value;
        }
    } = ReadOnlyDictionary<object, object>.Empty;
}
