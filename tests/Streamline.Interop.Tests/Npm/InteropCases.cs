using System.Net;
using Streamline.Testing;

namespace Streamline.Interop.Tests.Npm;

/// <summary>What the scripted provider answers, by the name of the model that a client asks for.</summary>
internal static class InteropCases
{
    public const string Everything = "everything";
    public const string Refusal = "refusal";
    public const string Length = "length";
    public const string ErrorInside = "error-inside";
    public const string Cut = "cut";
    public const string RateLimit = "rate-limit";

    public const string Text = "Grüße! \U0001F326\uFE0F 日本 Let me \"look\".\n\u2028Now.";
    public const string Reasoning = "Two cities \U0001F468\u200D\U0001F469\u200D\U0001F467, two calls.";
    public const string Arguments = """{"city":"Zürich \uD83C\uDF26","days":[1,2,3],"none":null}""";

    /// <summary>The calls of <see cref="Everything"/>, with their arguments as node writes them.</summary>
    public static IReadOnlyList<(string? Id, string? Name, string Arguments)> Calls { get; } =
        [("call_1", "get_weather", Arguments.Replace("\\uD83C\\uDF26", "\U0001F326", StringComparison.Ordinal)), ("call_2", "get_time", "{}")];

    public static IReadOnlyList<string> All { get; } = [Everything, Refusal, Length, ErrorInside, Cut, RateLimit];

    public static ScriptedReply Reply(ScriptedRequest request) => request.Model switch
    {
        Everything => ScriptedReply.Reasoning(Reasoning, "c2lnbmF0dXJl").ThenText(Text).ThenToolCall("get_weather", Arguments, "call_1").ThenToolCall("get_time", "{}", "call_2") with
        {
            ResponseId = "id_1",
            FragmentLength = 3,
            Usage = new TokenUsage { InputTokens = 120, OutputTokens = 42, TotalTokens = 162, CachedInputTokens = 20 },
            Faults = new FaultPlan { ChunkSeed = 1, ChunkSize = 40 },
        },
        Refusal => ScriptedReply.Events(
            new ResponseStarted { Provider = request.Protocol!.Name, ResponseId = "id_2", Model = Refusal },
            new ContentStarted { Index = 0, Kind = ContentKind.Refusal },
            new RefusalDelta { Index = 0, Text = "I will " },
            new RefusalDelta { Index = 0, Text = "not." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Refusal },
            new ResponseCompleted { FinishReason = FinishReason.Refusal }),
        Length => ScriptedReply.Text("Too lo") with { FinishReason = FinishReason.Length },
        ErrorInside => ScriptedReply.Text("Hi there") with
        {
            Faults = new FaultPlan { ErrorAfterEvent = 4, Error = new ScriptedError(HttpStatusCode.InternalServerError, Code: null, "In these words.") },
        },
        Cut => ScriptedReply.Text("Hi there, this is a long answer.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(5) } },
        RateLimit => ScriptedReply.Error(HttpStatusCode.TooManyRequests, "In these words.", retryAfter: TimeSpan.FromSeconds(1)),
        var other => throw new InvalidOperationException($"No case is called '{other}'."),
    };
}
