namespace ChatSample;

/// <summary>What a tool call is doing at a moment.</summary>
internal enum ToolPhase
{
    /// <summary>The model has not called it yet, or it is over.</summary>
    None,

    /// <summary>The model is writing its arguments.</summary>
    Arguments,

    /// <summary>It waits for the user's approval.</summary>
    Approval,

    /// <summary>It waits for something else, such as the end of the response.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,
}
