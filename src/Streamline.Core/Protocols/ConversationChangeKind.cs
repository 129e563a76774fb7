namespace Streamline.Protocols;

/// <summary>What was changed in a conversation so that a provider accepts it.</summary>
public enum ConversationChangeKind
{
    /// <summary>A tool call had no result. An error result was added that says why.</summary>
    ResultAdded,

    /// <summary>A result did not directly follow its call, and was moved there.</summary>
    ResultMoved,

    /// <summary>A result was left out because the conversation has no call for it.</summary>
    ResultRemoved,

    /// <summary>A second result of the same call was left out.</summary>
    DuplicateResultRemoved,

    /// <summary>A second copy of a tool call was left out.</summary>
    DuplicateCallRemoved,

    /// <summary>A tool call that was cut off before it was complete, and has no result, was left out.</summary>
    IncompleteCallRemoved,

    /// <summary>The id of a tool call was changed, in the call and in its result, because it was invalid or not unique.</summary>
    CallIdChanged,

    /// <summary>The name of a tool in a call was changed, because it was invalid.</summary>
    ToolNameChanged,

    /// <summary>A call of a tool that the provider ran was left out without its result, or a result without its call.</summary>
    ProviderItemRemoved,

    /// <summary>A text without any visible character was left out, or joined with the text next to it.</summary>
    BlankTextRemoved,

    /// <summary>A message was left out because it had nothing to send.</summary>
    MessageRemoved,

    /// <summary>A message was split because it contained both tool calls and content of another role.</summary>
    MessageSplit,

    /// <summary>Reasoning was left out because the provider would refuse it: what it led to is missing, or the provider has not kept it.</summary>
    ReasoningRemoved,

    /// <summary>A message was added because the provider requires one of that role at that place.</summary>
    MessageAdded,

    /// <summary>A request for approval was replaced by its call, and a denial by an error result. No provider knows approvals.</summary>
    ApprovalReplaced,

    /// <summary>White space at the end of the last message was removed.</summary>
    TextTrimmed,

    /// <summary>The name of the author of a message was changed, because it was invalid.</summary>
    AuthorNameChanged,

    /// <summary>Data or a file in the result of a tool was replaced by a text that says what it was, because the provider cannot read it.</summary>
    ResultMediaReplaced,

    /// <summary>A text was added because the provider refuses a document without one.</summary>
    TextAdded,

    /// <summary>A message was merged with the one before it, because the provider refuses adjacent messages of the same role.</summary>
    MessagesMerged,
}
