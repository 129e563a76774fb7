namespace Streamline.Json;

/// <content>Behind the brace that ends the root: it was one too many when a property follows.</content>
internal sealed partial class JsonRepairer
{
    private JsonPropertyLookahead _propertyAhead;

    /// <summary>Whether the brace that ended the root may be taken back.</summary>
    public bool IsRootEndOpen => _state == JsonRepairState.RootEnd;

    private void HoldRootEnd()
    {
        _propertyAhead = default;
        _held.Clear();
        _state = JsonRepairState.RootEnd;
    }

    // Whether the container that has ended is an object with something in it.
    private bool CanHoldRootEnd()
    {
        var container = _record.Tape.Last.Parent;
        return _record.Row(container).Kind == JsonRowKind.Object && container != _record.Tape.Count - 2;
    }

    private bool TakeBehindRootEnd(byte found)
    {
        _held.Add(found);
        if (_propertyAhead.Next(found) is { } isProperty)
        {
            _offset++; // it is among the held bytes now, which end before the offset
            ResolveRootEnd(isProperty);
            _offset--;
        }

        return true;
    }

    private void ResolveRootEnd(bool isPropertyBehind)
    {
        if (!isPropertyBehind)
        {
            EndDocument();
            ReplayHeld();
            return;
        }

        Report(PartialJsonRepairKind.ExtraCloser, _offset - _held.Count - 1, isGuess: true);
        if (Error is null)
        {
            _record.ReopenObject();
            _confirmedRow = _record.Tape.Count - 1;
            _state = JsonRepairState.Grammar;
            ReplayHeld();
        }
    }
}
