namespace Streamline.Protocols.OpenAIChat;

/// <summary>What the protocol's words for the end of a choice mean.</summary>
internal static class OpenAIChatFinishReasons
{
    /// <summary>Reads a word together with what the choice holds: servers say <c>stop</c> of calls and refusals too.</summary>
    public static FinishReason Read(string? word, bool hasCalls, bool hasRefusal) => FinishReasons.Read(word, hasCalls) switch
    {
        FinishReason.Stop when hasRefusal => FinishReason.Refusal,
        var reason => reason,
    };

    /// <summary>Finds the word for the end of a response; <see langword="null"/> when it is to have none.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwn">Whether the response came over this protocol, so that its own word stands.</param>
    /// <param name="hasRefusal">Whether the answer explains a refusal, which is how this protocol tells it.</param>
    public static string? Write(ResponseCompleted completed, bool isOwn, bool hasRefusal) => completed switch
    {
        { RawFinishReason: { } word } when isOwn => word,
        { FinishReason: FinishReason.Other } when isOwn => null,
        { FinishReason: FinishReason.ToolCalls } => "tool_calls",
        { FinishReason: FinishReason.Length } => "length",
        { FinishReason: FinishReason.ContentFilter } => "content_filter",
        { FinishReason: FinishReason.Refusal } when !hasRefusal => "content_filter",
        _ => "stop",
    };
}
