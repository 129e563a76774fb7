using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>The calls of a chat client. Gives them ids that are unique within their response, as some clients use the name of the function or nothing, and finds them by the ids of the client.</summary>
internal sealed class ChatCalls
{
    private readonly List<ChatCall> _calls = [];
    private ToolCallIds? _ids;
    private int _start; // the first call of the current response

    /// <summary>Begins another response, in which ids may be used again.</summary>
    public void BeginResponse() => (_ids, _start) = (null, _calls.Count);

    /// <summary>Adds a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="arguments">The text of its arguments.</param>
    /// <param name="index">The index of its block.</param>
    /// <param name="responseId">The id of the response, from which ids are made for calls that have none.</param>
    /// <returns><see langword="null"/> for a call of the response that is sent a second time.</returns>
    public ChatCall? TryAdd(FunctionCallContent call, string arguments, int index, string? responseId)
    {
        if (call.CallId.Length > 0 && _calls.FindIndex(_start, known => known.Is(call, arguments)) >= 0)
        {
            return null;
        }

        var added = new ChatCall((_ids ??= new ToolCallIds()).Take(call.CallId, index, responseId), call.CallId, call.Name, arguments);
        _calls.Add(added);
        return added;
    }

    /// <summary>Finds the call that a request for approval is about.</summary>
    public ChatCall? Find(FunctionCallContent call, string arguments) => _calls.FindLast(known => known.Is(call, arguments));

    /// <summary>Finds the call that a result answers: of several with one id, the first without a result.</summary>
    public ChatCall? TakeAnswered(string callId)
    {
        var index = _calls.FindIndex(_start, call => !call.IsAnswered && call.GivenId == callId);
        var answered = index >= 0 ? _calls[index] : _calls.FindLast(call => call.GivenId == callId);
        if (answered is not null)
        {
            answered.IsAnswered = true;
        }

        return answered;
    }
}

/// <summary>A call of a chat client.</summary>
/// <param name="id">The id in events.</param>
/// <param name="givenId">The id that the client uses.</param>
/// <param name="name">The name of the function.</param>
/// <param name="arguments">The text of the arguments.</param>
internal sealed class ChatCall(string id, string givenId, string name, string arguments)
{
    public string Id => id;

    public string GivenId => givenId;

    public string Name => name;

    public bool IsAnswered { get; set; }

    public bool Is(FunctionCallContent call, string ofCall) => givenId == call.CallId && name == call.Name && arguments == ofCall;
}
