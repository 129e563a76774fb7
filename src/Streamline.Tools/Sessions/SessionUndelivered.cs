namespace Streamline;

/// <summary>Why a session did not deliver a message.</summary>
public enum SessionUndelivered
{
    /// <summary>As many messages wait already as may wait; see <see cref="StreamSessionOptions.MaxPending"/>.</summary>
    Overloaded,

    /// <summary><see cref="SessionMessage.TryCancel"/> took it back.</summary>
    Cancelled,

    /// <summary>The session was stopped or disposed before the message's turn came.</summary>
    Stopped,

    /// <summary>The turn before it failed.</summary>
    TurnFailed,
}
