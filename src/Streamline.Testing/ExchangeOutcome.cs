namespace Streamline.Testing;

/// <summary>How an exchange with a <see cref="ScriptedProvider"/> ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>The reply was sent to its end, early ends by <see cref="FaultPlan.EndAt"/> included.</summary>
    Completed,

    /// <summary>The provider broke the connection: by <see cref="FaultPlan.AbortAt"/>, or because its host was disposed.</summary>
    Aborted,

    /// <summary>The client closed the connection, cancelled, or disposed the response before the end of the reply.</summary>
    ClientGone,

    /// <summary>There was no reply, or it could not be sent; <see cref="ScriptedExchange.Failure"/> says why.</summary>
    Failed,
}
