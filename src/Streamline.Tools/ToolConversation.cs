using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What the model is asked, round after round.</summary>
/// <param name="request">The request of the first round.</param>
/// <param name="state">The fold of the stream, all rounds.</param>
internal sealed class ToolConversation(StreamRequest request, StreamState state)
{
    private readonly IReadOnlyList<ChatMessage> _given = request.Messages;

    /// <summary>The request of the current round.</summary>
    public StreamRequest Request { get; private set; } = request;

    /// <summary>Adds the answer of the current round and the results of its tools to the conversation.</summary>
    public void GoOn()
    {
        state.ThrowIfRetentionExceeded();
        var next = Request.Options!;
        if (next.ToolMode is RequiredChatToolMode)
        {
            // A model that is forced to call a tool in every round would never come to an end.
            next = next.Clone();
            next.ToolMode = ChatToolMode.Auto;
        }

        Request = Request with { Messages = [.. _given, .. state.ToChatResponse().Messages], Options = next };
    }
}
