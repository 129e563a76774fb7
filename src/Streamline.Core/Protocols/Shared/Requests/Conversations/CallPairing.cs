namespace Streamline.Protocols.Shared;

/// <summary>
/// Gives each tool call exactly one result, at the place where the provider expects it, and an id and a name that the provider accepts, alike in both.
/// </summary>
internal sealed class CallPairing
{
    private readonly ConversationState _conversation;
    private readonly ConversationRules _rules;
    private readonly ConversationReport _report;
    private readonly ConversationEdits _edits;
    private readonly CallTable _table;

    private CallPairing(ConversationState conversation, ConversationRules rules, bool keepsUnpaired, ConversationReport report)
    {
        (_conversation, _rules, _report) = (conversation, rules, report);
        _edits = new ConversationEdits(conversation);
        _table = CallTable.Read(conversation, rules, keepsUnpaired, _edits, report);
    }

    public static ConversationState Apply(
        ConversationState conversation, ConversationRules rules, IList<AITool>? tools, bool keepsUnpaired, ConversationReport report)
    {
        if (!conversation.Messages.Any(message => message.Contents.Any(content => content is FunctionCallContent or FunctionResultContent)))
        {
            return conversation;
        }

        var pairing = new CallPairing(conversation, rules, keepsUnpaired, report);
        pairing.Name(tools);
        foreach (var round in pairing.Rounds())
        {
            pairing.Place(round);
        }

        return pairing._edits.Apply();
    }

    private void Name(IList<AITool>? tools)
    {
        HashSet<string> ids = new(_table.UnpairedIds, StringComparer.Ordinal);
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (var call in _table.Calls)
        {
            var source = _conversation.SourceOf(call.Place.Message);
            var id = call.Call.CallId;
            call.Id = _rules.CallIds.Fit(id);
            while (!ids.Add(call.Id))
            {
                call.Id = _rules.CallIds.Vary(id, numbers[id] = numbers.GetValueOrDefault(id, 1) + 1);
            }

            if (call.Id != id)
            {
                _report.Add(ConversationChangeKind.CallIdChanged, source, id, call.Id);
            }

            if (_rules.ToolNames.Fit(call.Name) is var name && name != call.Name && tools?.Any(tool => tool.Name == call.Name) != true)
            {
                call.Name = name;
                _report.Add(ConversationChangeKind.ToolNameChanged, source, id, name);
            }

            if (call.ToCall() is var changed && changed != call.Call)
            {
                _edits.Replace(call.Place, changed);
            }
        }
    }

    /// <summary>Gets the calls whose results belong together, each with the message that the results follow.</summary>
    private IEnumerable<(int Holder, List<PairedCall> Calls)> Rounds() =>
        _table.Calls.GroupBy(HolderOf).Select(round => (round.Key, round.ToList()));

    private int HolderOf(PairedCall call) => _rules.Results == ResultPlacement.AfterMessage ? call.Place.Message : _table.TurnEnd(call);

    private void Place((int Holder, List<PairedCall> Calls) round)
    {
        var inPlace = FindInPlace(round.Holder, round.Calls);
        if (_rules.Results == ResultPlacement.AfterCall)
        {
            // Each is looked at alone.
            var moved = round.Calls.Where(call => !inPlace.Contains(call)).ToList();
            Keep(inPlace);
            Move(round.Holder, moved, inPlace);
        }
        else if (inPlace.Count == round.Calls.Count && (!_rules.ResultsInCallOrder || inPlace.SequenceEqual(round.Calls)))
        {
            Keep(inPlace);
        }
        else
        {
            Move(round.Holder, round.Calls, inPlace);
        }
    }

    /// <summary>Gets the calls of a round whose results are where they must be, in the order of the results.</summary>
    private List<PairedCall> FindInPlace(int holder, List<PairedCall> round)
    {
        if (_rules.Results == ResultPlacement.AfterCall)
        {
            return round.FindAll(call => call.ResultPlace is { } place && place.Message > call.Place.Message && !_conversation.Messages[place.Message].IsAssistant());
        }

        List<PairedCall> found = [];
        for (var i = holder + 1; i < _conversation.Messages.Count && found.Count < round.Count; i++)
        {
            var message = _conversation.Messages[i];
            if (message.IsSystem() && _rules.HoistsSystem)
            {
                continue;
            }

            for (var j = 0; j < message.Contents.Count; j++)
            {
                if (message.Contents[j] is FunctionResultContent)
                {
                    if (_table.CallOfResult(new ContentPlace(i, j)) is { } call && !message.IsAssistant() && HolderOf(call) == holder)
                    {
                        found.Add(call);
                    }
                }
                else if (found.Count < round.Count && _rules.IsSent(message.Contents[j]))
                {
                    return found;
                }
            }
        }

        return found;
    }

    private void Keep(List<PairedCall> calls)
    {
        foreach (var call in calls)
        {
            if (call.ToResult() is var result && result != call.Result)
            {
                _edits.Replace(call.ResultPlace!.Value, result);
            }
        }
    }

    private void Move(int holder, List<PairedCall> calls, List<PairedCall> inPlace)
    {
        if (calls.Count == 0)
        {
            return;
        }

        _edits.InsertAfter(holder, new ChatMessage(ChatRole.Tool, [.. calls.Select(call => (AIContent)call.ToResult())]));
        foreach (var call in calls.Where(call => call.ResultPlace is not null))
        {
            _edits.Remove(call.ResultPlace!.Value);
            if (!inPlace.Contains(call))
            {
                _report.Add(ConversationChangeKind.ResultMoved, _conversation.SourceOf(call.ResultPlace!.Value.Message), call.Call.CallId);
            }
        }
    }
}
