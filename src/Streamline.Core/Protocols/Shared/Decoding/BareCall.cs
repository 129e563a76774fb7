namespace Streamline.Protocols.Shared;

/// <summary>
/// A call that its provider ended before any arguments came. Either it has none, or the answer was cut there: what comes next tells. Until then it is not sealed,
/// since a tool must not run on arguments that nobody wrote.
/// </summary>
internal sealed class BareCall
{
    private MessageBlock? _waiting;

    /// <summary>Ends a block by its own event, unless it has to wait for what comes next.</summary>
    public void End(MessageBlock block)
    {
        Close();
        if (block.IsBareCall)
        {
            _waiting = block;
        }
        else
        {
            block.Close();
        }
    }

    /// <summary>Seals the call that waits: the answer has continued after it.</summary>
    public void Close()
    {
        _waiting?.Close();
        _waiting = null;
    }

    /// <summary>Ends the call that waits by the reason for which the message ended.</summary>
    public void Close(FinishReason? reason)
    {
        if (_waiting is not null && reason is FinishReason.Length or FinishReason.ContentFilter or FinishReason.Refusal)
        {
            _waiting?.Abandon("The answer was cut before any arguments of the call.");
            _waiting = null;
        }

        Close();
    }
}
