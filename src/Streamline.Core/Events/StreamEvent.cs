using System.Text.Json.Serialization;
using Streamline.Resilience;
using Streamline.Text;

namespace Streamline;

/// <summary>The base of all events: one thing that happened while a response streamed.</summary>
/// <remarks>
/// <para>
/// The hierarchy is closed. An event is one of: <see cref="ResponseStarted"/>, <see cref="ResponseCompleted"/>, <see cref="UsageUpdated"/>;
/// <see cref="ContentStarted"/>, <see cref="ContentCompleted"/>, <see cref="TextDelta"/>, <see cref="ReasoningDelta"/>,
/// <see cref="RefusalDelta"/>, <see cref="CitationAdded"/>; <see cref="ToolCallStarted"/>, <see cref="ToolInputDelta"/>,
/// <see cref="ToolCallCompleted"/>, <see cref="ToolWaiting"/>, <see cref="ApprovalRequested"/>, <see cref="ApprovalResolved"/>,
/// <see cref="ToolExecutionStarted"/>, <see cref="ToolProgress"/>, <see cref="ToolResult"/>, <see cref="ToolAbandoned"/>;
/// <see cref="RetryScheduled"/>, <see cref="StreamRestarted"/>, <see cref="StreamResumed"/>; <see cref="TextFinding"/>, <see cref="MarkdownUpdated"/>, <see cref="CodeBlockUpdated"/>;
/// <see cref="RateLimitObserved"/>, <see cref="RateLimitWait"/>; <see cref="ClientChanged"/>, <see cref="HedgeStarted"/>, <see cref="HedgeEnded"/>; <see cref="CacheAnswered"/>;
/// <see cref="ProviderMetadata"/>, <see cref="ProviderEvent"/>, <see cref="KeepAlive"/>.
/// Later versions may add to it, so a <c>switch</c> over it needs a default.
/// </para>
/// <para>
/// Events are immutable and may be kept and read from any thread. Each has a stable JSON form with a <c>type</c>
/// discriminator; see <see cref="StreamEventJson"/>.
/// </para>
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResponseStarted), "responseStarted")]
[JsonDerivedType(typeof(ResponseCompleted), "responseCompleted")]
[JsonDerivedType(typeof(UsageUpdated), "usageUpdated")]
[JsonDerivedType(typeof(ContentStarted), "contentStarted")]
[JsonDerivedType(typeof(ContentCompleted), "contentCompleted")]
[JsonDerivedType(typeof(TextDelta), "textDelta")]
[JsonDerivedType(typeof(ReasoningDelta), "reasoningDelta")]
[JsonDerivedType(typeof(RefusalDelta), "refusalDelta")]
[JsonDerivedType(typeof(CitationAdded), "citationAdded")]
[JsonDerivedType(typeof(ToolCallStarted), "toolCallStarted")]
[JsonDerivedType(typeof(ToolInputDelta), "toolInputDelta")]
[JsonDerivedType(typeof(ToolCallCompleted), "toolCallCompleted")]
[JsonDerivedType(typeof(ToolWaiting), "toolWaiting")]
[JsonDerivedType(typeof(ApprovalRequested), "approvalRequested")]
[JsonDerivedType(typeof(ApprovalResolved), "approvalResolved")]
[JsonDerivedType(typeof(ToolExecutionStarted), "toolExecutionStarted")]
[JsonDerivedType(typeof(ToolProgress), "toolProgress")]
[JsonDerivedType(typeof(ToolResult), "toolResult")]
[JsonDerivedType(typeof(ToolAbandoned), "toolAbandoned")]
[JsonDerivedType(typeof(RetryScheduled), "retryScheduled")]
[JsonDerivedType(typeof(StreamRestarted), "streamRestarted")]
[JsonDerivedType(typeof(StreamResumed), "streamResumed")]
[JsonDerivedType(typeof(TextFinding), "textFinding")]
[JsonDerivedType(typeof(MarkdownUpdated), "markdownUpdated")]
[JsonDerivedType(typeof(CodeBlockUpdated), "codeBlockUpdated")]
[JsonDerivedType(typeof(RateLimitObserved), "rateLimitObserved")]
[JsonDerivedType(typeof(RateLimitWait), "rateLimitWait")]
[JsonDerivedType(typeof(ClientChanged), "clientChanged")]
[JsonDerivedType(typeof(HedgeStarted), "hedgeStarted")]
[JsonDerivedType(typeof(HedgeEnded), "hedgeEnded")]
[JsonDerivedType(typeof(CacheAnswered), "cacheAnswered")]
[JsonDerivedType(typeof(ProviderMetadata), "providerMetadata")]
[JsonDerivedType(typeof(ProviderEvent), "providerEvent")]
[JsonDerivedType(typeof(KeepAlive), "keepAlive")]
public abstract class StreamEvent
{
    private protected StreamEvent()
    {
    }

    /// <summary>
    /// Gets a value indicating whether a consumer that has seen the event has seen a part of the response: content, a call, what became of it, or the end. From then on another
    /// attempt is announced by <see cref="StreamRestarted"/>.
    /// </summary>
    internal virtual bool CommitsResponse => false;

    /// <summary>Gets a value indicating whether the event tells what the pipeline does at this moment, so that no stage holds it back.</summary>
    internal virtual bool IsNotice => false;

    /// <summary>Gets a value indicating whether the event says nothing of the response itself, so that it may stand anywhere among its parts.</summary>
    internal virtual bool IsReport => IsNotice;

    /// <summary>Describes the event for logs and debuggers: its JSON form, cut to 1,024 characters. It contains text of the model and the user.</summary>
    /// <returns>The description, on one line.</returns>
    public sealed override string ToString()
    {
        const int MaxLength = 1024;
        string json;
        try
        {
            json = StreamEventJson.Serialize(this);
        }
        catch (ArgumentException)
        {
            json = GetType().Name; // a part of it is undefined
        }

        return json.Length <= MaxLength ? json : json[..MaxLength] + "…";
    }
}
