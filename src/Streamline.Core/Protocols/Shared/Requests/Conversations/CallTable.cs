namespace Streamline.Protocols.Shared;

/// <summary>Reads a conversation and finds for each tool call its result.</summary>
/// <remarks>
/// An id alone does not say which call a result answers: some servers use the same ids in every round. So a result answers a call before it, of the latest
/// turn in which one waits, and within that turn the first. A result before its call is not trusted: it may be the answer to another one.
/// </remarks>
internal sealed class CallTable
{
    private readonly ConversationState _conversation;
    private readonly ConversationRules _rules;
    private readonly ConversationEdits _edits;
    private readonly ConversationReport _report;
    private readonly Dictionary<string, List<PairedCall>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ContentPlace, PairedCall> _byResult = [];
    private readonly List<int> _turnEnds = [];
    private readonly bool _keepsUnpaired;

    private CallTable(ConversationState conversation, ConversationRules rules, bool keepsUnpaired, ConversationEdits edits, ConversationReport report) =>
        (_conversation, _rules, _keepsUnpaired, _edits, _report) = (conversation, rules, keepsUnpaired, edits, report);

    /// <summary>Gets the calls that are sent, in order. Each has a result.</summary>
    public List<PairedCall> Calls { get; private set; } = [];

    /// <summary>Gets the ids of results that answer calls which only the provider has.</summary>
    public HashSet<string> UnpairedIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a conversation.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="rules">What the provider accepts.</param>
    /// <param name="keepsUnpaired">Whether a result may answer a call that is not here.</param>
    /// <param name="edits">Takes copies, cut calls and results without a call that are left out.</param>
    /// <param name="report">Takes what was changed.</param>
    public static CallTable Read(ConversationState conversation, ConversationRules rules, bool keepsUnpaired, ConversationEdits edits, ConversationReport report)
    {
        var table = new CallTable(conversation, rules, keepsUnpaired, edits, report);
        table.ReadMessages();
        table.Complete();
        return table;
    }

    /// <summary>Gets the last message of the assistant's turn that a call belongs to.</summary>
    public int TurnEnd(PairedCall call) => _turnEnds[call.Turn];

    /// <summary>Gets the call that the result at a place answers; <see langword="null"/> for one that is left out, or that the provider has the call of.</summary>
    public PairedCall? CallOfResult(ContentPlace place) => _byResult.GetValueOrDefault(place);

    private void ReadMessages()
    {
        var isAssistantsTurn = false;
        for (var i = 0; i < _conversation.Messages.Count; i++)
        {
            var message = _conversation.Messages[i];
            if (message.Contents.Any(_rules.IsSent) && !(message.IsSystem() && _rules.HoistsSystem))
            {
                if (message.IsAssistant() && isAssistantsTurn)
                {
                    _turnEnds[^1] = i;
                }
                else if (message.IsAssistant())
                {
                    _turnEnds.Add(i);
                }

                isAssistantsTurn = message.IsAssistant();
            }

            for (var j = 0; j < message.Contents.Count; j++)
            {
                var place = new ContentPlace(i, j);
                switch (message.Contents[j])
                {
                    case FunctionCallContent call:
                        Read(call, place);
                        break;
                    case FunctionResultContent result:
                        Read(result, place);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private void Read(FunctionCallContent call, ContentPlace place)
    {
        if (!_byId.TryGetValue(call.CallId, out var calls))
        {
            _byId.Add(call.CallId, calls = []);
        }

        var turn = _turnEnds.Count - 1;
        if (calls.Exists(other => other.Turn == turn && other.IsSameAs(call)))
        {
            Remove(place, ConversationChangeKind.DuplicateCallRemoved, call.CallId);
            return;
        }

        var paired = new PairedCall(call, place, turn);
        calls.Add(paired);
        Calls.Add(paired);
    }

    private void Read(FunctionResultContent result, ContentPlace place)
    {
        // What answers an item of the provider is not ours to pair.
        if (_rules.FindProviderItem?.Invoke(result) is not null)
        {
            return;
        }

        var calls = _byId.GetValueOrDefault(result.CallId);
        if (FindWaiting(calls) is { } call)
        {
            call.Answer(result, place);
            _byResult.Add(place, call);
        }
        else if (calls is not null)
        {
            Remove(place, ConversationChangeKind.DuplicateResultRemoved, result.CallId);
        }
        else if (!_keepsUnpaired)
        {
            Remove(place, ConversationChangeKind.ResultRemoved, result.CallId);
        }
        else if (!UnpairedIds.Add(result.CallId))
        {
            Remove(place, ConversationChangeKind.DuplicateResultRemoved, result.CallId);
        }
    }

    private static PairedCall? FindWaiting(List<PairedCall>? calls)
    {
        if (calls?.FindLast(call => call.Result is null) is not { } last)
        {
            return null;
        }

        // A call that was cut off may be followed by the same one, whole.
        return calls.Find(call => call.Turn == last.Turn && call is { Result: null, Call.InformationalOnly: false })
            ?? calls.Find(call => call.Turn == last.Turn && call.Result is null);
    }

    private void Complete()
    {
        foreach (var call in Calls.Where(call => call.Result is null))
        {
            if (call.IsIncomplete)
            {
                Remove(call.Place, ConversationChangeKind.IncompleteCallRemoved, call.Call.CallId);
            }
            else
            {
                _report.Add(ConversationChangeKind.ResultAdded, _conversation.SourceOf(call.Place.Message), call.Call.CallId);
                call.AnswerWithError();
            }
        }

        Calls.RemoveAll(call => call.Result is null);
    }

    private void Remove(ContentPlace place, ConversationChangeKind kind, string callId)
    {
        _edits.Remove(place);
        _report.Add(kind, _conversation.SourceOf(place.Message), callId);
    }
}
