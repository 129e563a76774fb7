using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>How a <see cref="StreamSession"/> works. The session takes a copy, so later changes have no effect.</summary>
public sealed class StreamSessionOptions
{
    /// <summary>Gets or sets the options of every request, such as the model and further tools; <see langword="null"/> (default) for those of the client.</summary>
    /// <remarks>
    /// The session keeps the conversation and sends it with every request. So the options must not have a <see cref="ChatOptions.ContinuationToken"/>, nor a
    /// <see cref="ChatOptions.ConversationId"/> of a conversation that grows at the provider.
    /// </remarks>
    public ChatOptions? ChatOptions { get; set; }

    /// <summary>Gets or sets how many messages may wait to be delivered. Default: 64. A further one is not accepted: its outcome is <see cref="SessionUndelivered.Overloaded"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxPending
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPending));
            field = value;
        }
    } = 64;

    /// <summary>Gets or sets how many messages of the history are kept at most; see <see cref="MaxHistoryTokens"/> for what is left out. Default: <see cref="int.MaxValue"/>, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxHistoryMessages
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxHistoryMessages));
            field = value;
        }
    } = int.MaxValue;

    /// <summary>Gets or sets how many tokens of the history are kept at most, as counted by <see cref="CountTokens"/>. Default: <see cref="long.MaxValue"/>, for all.</summary>
    /// <value>
    /// Before a turn, the oldest turns are left out until the rest fits, each as a whole, so that no call is cut from its result. Messages of the system stay, and so do the new ones.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxHistoryTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxHistoryTokens));
            field = value;
        }
    } = long.MaxValue;

    /// <summary>Gets or sets the function that counts the tokens of a message; <see langword="null"/> (default) to estimate one for each 4 UTF-16 code units of its text, arguments and results, and 4 for each message.</summary>
    public Func<ChatMessage, long>? CountTokens { get; set; }

    /// <summary>Gets or sets a function that shortens the history before a turn, for example by <c>IChatReducer.ReduceAsync</c>; <see langword="null"/> (default) for none. What it returns is kept as the history.</summary>
    public Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<IEnumerable<ChatMessage>>>? Reduce { get; set; }

    /// <summary>Finds the chat option that is about one request, or about a conversation that somebody else keeps; <see langword="null"/> when there is none.</summary>
    internal string? FindOptionOfOneRequest() => ChatOptions switch
    {
        { ContinuationToken: not null } => nameof(ChatOptions.ContinuationToken),
        { } options when KeptConversation.IsGrowing(options) => nameof(ChatOptions.ConversationId),
        _ => null,
    };

    internal StreamSessionOptions Copy()
    {
        var copy = (StreamSessionOptions)MemberwiseClone();
        copy.ChatOptions = ChatOptions?.Clone();
        return copy;
    }
}
