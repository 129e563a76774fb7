using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Finds the requests for approval in a conversation and the answers to them, and takes both out: they are not for the model.</summary>
internal sealed class ApprovalInbox
{
    private readonly List<ChatMessage> _messages = [];
    private readonly List<PendingApproval> _pending = [];
    private readonly List<int> _places = []; // of each pending call: the message that makes it

    private ApprovalInbox() => Messages = _messages;

    /// <summary>The conversation as the model gets it.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private init; }

    /// <summary>The calls that have no result yet, in their order.</summary>
    public IReadOnlyList<PendingApproval> Pending => _pending;

    /// <summary>The conversation up to the last message that makes a pending call: what the model has seen or written.</summary>
    public IEnumerable<ChatMessage> Seen => _messages.Take(_places.Count == 0 ? 0 : _places[^1] + 1);

    /// <summary>Reads a conversation. The messages given stay as they are.</summary>
    /// <exception cref="ArgumentException">An answer is to no request of the conversation.</exception>
    public static ApprovalInbox Read(IReadOnlyList<ChatMessage> messages)
    {
        if (!HasApprovals(messages))
        {
            return new ApprovalInbox { Messages = messages };
        }

        var inbox = new ApprovalInbox();
        var requests = messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Select(request => request.RequestId).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, ToolApprovalResponseContent> responses = new(StringComparer.Ordinal);
        foreach (var response in messages.SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (!requests.Contains(response.RequestId))
            {
                throw new ArgumentException(
                    $"The conversation answers the request for approval '{response.RequestId}' of the call '{response.ToolCall.CallId}', which none of its messages makes. Keep the message with the ToolApprovalRequestContent in the conversation.",
                    nameof(messages));
            }

            responses.TryAdd(response.RequestId, response); // the first answer counts
        }

        for (var i = 0; i < messages.Count; i++)
        {
            inbox.Add(messages, i, responses);
        }

        return inbox;
    }

    /// <summary>Puts each result in its place: after the message that calls, with the results that it has already.</summary>
    public IReadOnlyList<ChatMessage> WithResults(IReadOnlyList<FunctionResultContent> results)
    {
        List<FunctionResultContent> left = [.. results];
        List<ChatMessage> all = [.. _messages];
        foreach (var place in _places.Distinct().Reverse())
        {
            List<AIContent> ofMessage = [];
            for (var i = _pending.Count - 1; i >= 0; i--)
            {
                var index = _places[i] != place ? -1 : left.FindLastIndex(result => string.Equals(result.CallId, _pending[i].Call.CallId, StringComparison.Ordinal));
                if (index >= 0)
                {
                    ofMessage.Insert(0, left[index]);
                    left.RemoveAt(index);
                }
            }

            Insert(all, place + 1, ofMessage);
        }

        return all;
    }

    private static void Insert(List<ChatMessage> messages, int place, List<AIContent> results)
    {
        if (results.Count == 0)
        {
            return;
        }

        if (place < messages.Count && messages[place].Role == ChatRole.Tool)
        {
            messages[place] = WithContents(messages[place], [.. messages[place].Contents, .. results]);
        }
        else
        {
            messages.Insert(place, new ChatMessage(ChatRole.Tool, results));
        }
    }

    private static bool HasApprovals(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var contents = messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                if (contents[j] is ToolApprovalRequestContent or ToolApprovalResponseContent)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Add(IReadOnlyList<ChatMessage> messages, int index, Dictionary<string, ToolApprovalResponseContent> responses)
    {
        var message = messages[index];
        if (!message.Contents.Any(content => content is ToolApprovalRequestContent or ToolApprovalResponseContent))
        {
            _messages.Add(message);
            return;
        }

        var callIds = message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToHashSet(StringComparer.Ordinal);
        List<AIContent> contents = [];
        foreach (var content in message.Contents)
        {
            if (content is ToolApprovalRequestContent { ToolCall: FunctionCallContent call } request)
            {
                // Other libraries put the request in the place of the call.
                contents.AddRange(callIds.Add(call.CallId) ? [call] : []);
                if (!IsAnswered(messages, index, call.CallId))
                {
                    _pending.Add(new PendingApproval(request, call, responses.GetValueOrDefault(request.RequestId)));
                    _places.Add(_messages.Count);
                }
            }
            else if (content is not (ToolApprovalRequestContent or ToolApprovalResponseContent))
            {
                contents.Add(content);
            }
        }

        if (contents.Count > 0)
        {
            _messages.Add(WithContents(message, contents));
        }
    }

    /// <summary>Whether a call has its result. Ids may repeat in later rounds, so only what follows its own message up to the next call of that id counts.</summary>
    private static bool IsAnswered(IReadOnlyList<ChatMessage> messages, int index, string callId) => messages
        .Skip(index + 1)
        .TakeWhile(message => !message.Contents.OfType<FunctionCallContent>().Any(call => call.CallId == callId))
        .Any(message => message.Contents.OfType<FunctionResultContent>().Any(result => result.CallId == callId));

    private static ChatMessage WithContents(ChatMessage message, List<AIContent> contents)
    {
        var changed = message.Clone();
        changed.Contents = contents;
        return changed;
    }
}
