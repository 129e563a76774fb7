namespace Streamline.Json;

/// <content>What waits for a decision when the text ends.</content>
internal sealed partial class JsonRepairer
{
    // Decides it. Whether there may be more to do.
    private bool TakeEnd()
    {
        switch (_state)
        {
            case JsonRepairState.Before or JsonRepairState.FenceBefore:
                return TakeEndBefore();
            case JsonRepairState.Opener:
                BeginHeldDocument();
                return true;
            case JsonRepairState.Quote:
                EndQuote();
                return true;
            case JsonRepairState.Tail:
                EndTextAtEnd();
                return true;
            case JsonRepairState.RootEnd:
                ResolveRootEnd(isPropertyBehind: false);
                return true;
            case JsonRepairState.SecondQuote:
                BeginLookahead(_held.Count - 1);
                return true;
            case JsonRepairState.ThirdQuote:
                BeginTripleQuotes();
                return true;
            case JsonRepairState.TripleQuote:
                EndTripleQuote();
                return true;
            case JsonRepairState.Word:
                EndWord(isAtEnd: true);
                return true;
            case JsonRepairState.WordQuote:
                EndWordQuote();
                return true;
            case JsonRepairState.Arguments:
                EnterCall();
                return true;
            case JsonRepairState.FenceLanguage when !_hasFenceLanguage && TryEndAtFence():
                return true;
            case JsonRepairState.Parenthesis:
                ResolveParenthesis(JsonParenthesisVerdict.Group);
                return true;
            case JsonRepairState.Slash or JsonRepairState.Backslash when !_isInDocument:
                _held.Clear();
                _held.Add(_state == JsonRepairState.Slash ? (byte)'/' : (byte)'\\');
                AddHeldToProse();
                return true;
            default:
                return LeaveAtEnd();
        }
    }

    private bool TakeEndBefore()
    {
        if (_state == JsonRepairState.FenceBefore && _held.Count == FenceLength)
        {
            TakeFence();
            return true;
        }

        if (_state == JsonRepairState.Before && IsProseTuple())
        {
            BeginProseDocument();
            return true;
        }

        if (_label.Count > 0 && !_hasBegun)
        {
            EndLabel();
            return true;
        }

        EndBefore();
        return false;
    }

    // What was begun is left unfinished.
    private bool LeaveAtEnd()
    {
        if (_isSlashInText || _state == JsonRepairState.Concatenation)
        {
            CloseText();
        }

        _held.Clear();
        _state = _isInDocument ? JsonRepairState.Grammar : JsonRepairState.Before;
        return true;
    }
}
