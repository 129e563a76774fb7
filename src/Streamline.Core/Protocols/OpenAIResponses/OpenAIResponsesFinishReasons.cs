namespace Streamline.Protocols.OpenAIResponses;

/// <summary>How the protocol says that a response ended: by its status, and by a reason where it is incomplete.</summary>
internal static class OpenAIResponsesFinishReasons
{
    /// <summary>The status of a response that ended as the model wanted.</summary>
    public const string Completed = "completed";

    private const string MaxOutputTokens = "max_output_tokens";
    private const string ContentFilter = "content_filter";

    /// <param name="word">The reason of an incomplete response, or else the status.</param>
    /// <param name="hasCalls">Whether the model waits for the results of calls.</param>
    /// <param name="hasRefusal">Whether the answer explains a refusal.</param>
    public static FinishReason Read(string word, bool hasCalls, bool hasRefusal) => word switch
    {
        Completed when hasCalls => FinishReason.ToolCalls,
        Completed when hasRefusal => FinishReason.Refusal,
        Completed => FinishReason.Stop,
        MaxOutputTokens => FinishReason.Length,
        ContentFilter => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    /// <summary>The reason for which a response is incomplete; <see langword="null"/> when it is not.</summary>
    /// <param name="completed">The event.</param>
    /// <param name="isOwn">Whether the response came over this protocol, so that its own word stands.</param>
    /// <param name="hasRefusal">Whether the answer explains a refusal.</param>
    public static string? Write(ResponseCompleted completed, bool isOwn, bool hasRefusal) => completed switch
    {
        { RawFinishReason: { } word } when isOwn => word == Completed ? null : word,
        { FinishReason: FinishReason.Length } => MaxOutputTokens,
        { FinishReason: FinishReason.ContentFilter } => ContentFilter,
        { FinishReason: FinishReason.Refusal } when !hasRefusal => ContentFilter,
        _ => null,
    };
}
