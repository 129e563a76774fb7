namespace Streamline.Tests.Structured;

/// <summary>Streams of answers, cut into pieces.</summary>
internal static class Answers
{
    public static readonly ResponseStarted Started = new() { Provider = "test" };

    public static ResponseCompleted Completed(FinishReason reason = FinishReason.Stop) => new() { FinishReason = reason };

    public static IEnumerable<TextDelta> Texts(string text, int size, int index = 0) =>
        text.Chunk(size).Select(piece => new TextDelta { Index = index, Text = new string(piece) });

    /// <summary>A whole response whose text is the answer.</summary>
    public static StreamEvent[] Text(string text, int size = 1, FinishReason reason = FinishReason.Stop) =>
    [
        Started,
        new ContentStarted { Index = 0, Kind = ContentKind.Text },
        .. Texts(text, size),
        new ContentCompleted { Index = 0, Kind = ContentKind.Text },
        Completed(reason),
    ];

    /// <summary>A whole response that calls a tool.</summary>
    public static StreamEvent[] Call(string name, string arguments, int size = 1, FinishReason reason = FinishReason.ToolCalls) =>
    [
        Started,
        .. Texts("Let me answer.", 5),
        new ToolCallStarted { Index = 1, CallId = "call_1", Name = name },
        .. arguments.Chunk(size).Select(piece => new ToolInputDelta { Index = 1, CallId = "call_1", Fragment = new string(piece) }),
        new ToolCallCompleted { Index = 1, CallId = "call_1", Name = name, ArgumentsText = arguments },
        Completed(reason),
    ];
}
