using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>Bridges between <see cref="IStreamClient"/> and <see cref="IChatClient"/>, in both directions.</summary>
public static class ChatBridgeExtensions
{
    /// <summary>Wraps a stream client as a chat client.</summary>
    /// <param name="client">The stream client. The caller keeps it: disposing the chat client does not dispose it.</param>
    /// <param name="metadata">What <c>GetService(typeof(ChatClientMetadata))</c> gives; by default, the provider and model of the stream client, as far as it says them.</param>
    /// <returns>A chat client, as thread-safe as <paramref name="client"/>.</returns>
    /// <remarks>
    /// <para>
    /// Tool calls that the pipeline runs itself, by <c>UseTools</c>, come as <see cref="FunctionCallContent.InformationalOnly"/> with their results, so that
    /// function-invoking middleware around the chat client does not run them again. To tell the two apart, a call is sent when its tool
    /// starts or its response ends. Usage is sent once per response; counts in between would be added up.
    /// </para>
    /// <para>
    /// What the exchange types lose when they put updates together (signatures and the provider's own form of a block, the borders of blocks, the place of
    /// a call among them) is kept: where a block has more than its text, a content of the type <see cref="AIContent"/> follows it that says so. It survives
    /// storing, means nothing to an application, and is to be left in the message: the next request is then as it would be without the bridge.
    /// Text that the application changed gets none of it. Blocks that a provider sends at the same time are sent one after the other.
    /// </para>
    /// <para>
    /// Updates cannot take back what was shown: a pipeline whose retry restarts an answer in the middle fails here with
    /// <see cref="StreamInterruptedException"/> at that point, when it streams. Every other failure is as <see cref="IStreamClient.StreamAsync"/> has it.
    /// </para>
    /// <para><c>GetService</c> also gives the stream client itself, by <see cref="IStreamClient"/>, and what that one gives.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is <see langword="null"/>.</exception>
    public static IChatClient AsChatClient(this IStreamClient client, ChatClientMetadata? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new StreamingChatClient(client, metadata ?? Describe(client));
    }

    /// <summary>Wraps a chat client as a stream client, for use as the source of a pipeline.</summary>
    /// <param name="client">The chat client. The caller keeps it.</param>
    /// <param name="requireFinishReason">
    /// Whether an answer that ends without a finish reason counts as interrupted; by default it does, because nothing else in a stream of updates tells an
    /// end from a connection that broke silently. Turn it off for a client that never gives one.
    /// </param>
    /// <returns>A stream client, as thread-safe as <paramref name="client"/>.</returns>
    /// <remarks>
    /// Calls of functions come as <see cref="ToolCallCompleted"/>; those that are only informational, as calls that the provider runs. Content without an
    /// event of its own comes as a block of kind <see cref="ContentKind.Other"/> in the JSON form of the exchange types. An update's error content that is not a
    /// refusal throws <see cref="ProviderException"/>; a transport that breaks after the first update, <see cref="StreamInterruptedException"/>. A
    /// request with <see cref="StreamRequest.ExtraBody"/> is refused with <see cref="NotSupportedException"/>: a chat client does not support it.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is <see langword="null"/>.</exception>
    public static IStreamClient AsStreamClient(this IChatClient client, bool requireFinishReason = true)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new ChatStreamClient(client, requireFinishReason);
    }

    private static ChatClientMetadata Describe(IStreamClient client) => client.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata described
        ? new ChatClientMetadata(described.Provider, defaultModelId: described.DefaultModel)
        : new ChatClientMetadata();
}
