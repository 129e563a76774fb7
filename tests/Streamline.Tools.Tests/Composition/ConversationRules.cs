using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests.Composition;

/// <summary>What every provider asks of a conversation: each call has one result, right after the message that calls, and each result its call.</summary>
internal static class ConversationRules
{
    /// <param name="messages">The conversation.</param>
    /// <param name="mayBeOpen">Whether a call may be left without a result.</param>
    public static void Check(IReadOnlyList<ChatMessage> messages, Func<string, bool> mayBeOpen)
    {
        HashSet<string> open = new(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Tool)
            {
                foreach (var result in message.Contents.Cast<FunctionResultContent>())
                {
                    open.Remove(result.CallId).Should().BeTrue("the result of {0} has one open call", result.CallId);
                }

                continue;
            }

            open.Where(callId => !mayBeOpen(callId)).Should().BeEmpty("a new message begins when all calls have results");
            message.Contents.Should().NotContain(content => content is FunctionResultContent);
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                open.Add(call.CallId).Should().BeTrue("the id {0} is unique", call.CallId);
            }
        }

        open.Where(callId => !mayBeOpen(callId)).Should().BeEmpty("every call has a result");
    }
}
