using System.Text.Json;

namespace Streamline.Tools.Tests;

/// <summary>Events as a decoder emits them, in short.</summary>
internal static class Wire
{
    public static readonly StreamEvent Started = new ResponseStarted { Provider = "test", Model = "m" };

    public static StreamEvent Text(string text, int index = 0) => new TextDelta { Index = index, Text = text };

    public static StreamEvent Ended(FinishReason reason = FinishReason.ToolCalls) => new ResponseCompleted { FinishReason = reason };

    public static StreamEvent Restarted(int attempt = 2) => new StreamRestarted { Attempt = attempt, Reason = "test", Discarded = [0] };

    public static StreamEvent CallStarted(int index, string callId, string name, int choice = 0) =>
        new ToolCallStarted { Index = index, CallId = callId, Name = name, Choice = choice };

    public static StreamEvent Sealed(int index, string callId, string name, string arguments = "{}") => new ToolCallCompleted
    {
        Index = index,
        CallId = callId,
        Name = name,
        ArgumentsText = arguments,
        Arguments = Json(arguments),
    };

    public static StreamEvent SealedBad(int index, string callId, string name, string arguments, string parseError = "Expected a value at byte 5.") => new ToolCallCompleted
    {
        Index = index,
        CallId = callId,
        Name = name,
        ArgumentsText = arguments,
        ParseError = parseError,
    };

    /// <summary>A whole call: its start and its seal.</summary>
    public static StreamEvent[] Call(int index, string callId, string name, string arguments = "{}") =>
        [CallStarted(index, callId, name), Sealed(index, callId, name, arguments)];

    /// <summary>A whole response of these events.</summary>
    public static StreamEvent[] Response(FinishReason reason, params StreamEvent[] events) => [Started, .. events, Ended(reason)];

    /// <summary>A whole last response.</summary>
    public static StreamEvent[] Answer(string text = "done") => Response(FinishReason.Stop, Text(text));

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
