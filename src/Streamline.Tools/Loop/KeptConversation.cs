using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What a provider that keeps the conversation itself has of it already, and must not get again.</summary>
/// <remarks>
/// A conversation or thread grows with each request and its answer. The id of a response, in contrast, names the same beginning in every round, so that everything after it is sent again.
/// </remarks>
internal sealed class KeptConversation
{
    private static readonly string[] Prefixes = ["conv_", "thread_"];

    private readonly HashSet<ChatMessage> _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the provider adds what the request sends, and its answer, to a conversation that it keeps.</summary>
    public static bool IsGrowing(StreamRequest request, ChatOptions options) => IsGrowing(options) || request.ExtraBody?.ContainsKey("conversation") == true;

    /// <summary>Whether options name a conversation that the provider keeps and adds to.</summary>
    public static bool IsGrowing(ChatOptions options) => options.ConversationId is { } id && Array.Exists(Prefixes, prefix => id.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Notes messages that the provider has: its own answers.</summary>
    public void Add(IEnumerable<ChatMessage> messages) => _kept.UnionWith(messages);

    /// <summary>Gives the messages that the provider does not have yet, which it has from now on.</summary>
    public IReadOnlyList<ChatMessage> TakeNew(IReadOnlyList<ChatMessage> messages) => [.. messages.Where(_kept.Add)];
}
