using System.Text.Json;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>Payloads of the protocol, and what a decoder makes of them.</summary>
internal static class CohereWire
{
    public const string Start =
        """{"id":"m1","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}""";

    public const string TextStart = """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}""";
    public const string ThinkingStart = """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}""";
    public const string ContentEnd = """{"type":"content-end","index":0}""";
    public const string CallEnd = """{"type":"tool-call-end","index":0}""";
    public const string Stop =
        """{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":5,"output_tokens":2},"tokens":{"input_tokens":70,"output_tokens":9}}}}""";

    public static string Words(string escaped, int index = 0) => Message("content-delta", index, $$"""
        "content":{"text":"{{escaped}}"}
        """);

    public static string Thinking(string escaped, int index = 0) => Message("content-delta", index, $$"""
        "content":{"thinking":"{{escaped}}"}
        """);

    public static string Plan(string escaped) => Message("tool-plan-delta", index: null, $"\"tool_plan\":\"{escaped}\"");

    public static string CallStart(int index = 0, string id = "now_1", string name = "now", string escapedArguments = "") => Message("tool-call-start", index, $$$"""
        "tool_calls":{"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{{{escapedArguments}}}"}}
        """);

    public static string Input(string escaped, int index = 0) => Message("tool-call-delta", index, $$$"""
        "tool_calls":{"function":{"arguments":"{{{escaped}}}"}}
        """);

    public static string Citation(string citation, int index = 0) => Message("citation-start", index, "\"citations\":" + citation);

    public static string End(string members) => "{\"type\":\"message-end\",\"delta\":{" + members.Trim() + "}}";

    public static string Frames(params string[] payloads) => string.Concat(payloads.Select(payload => $"event: {NameOf(payload)}\ndata: {payload}\n\n")) + "data: [DONE]\n\n";

    /// <summary>Reads a whole response in chunks of every size.</summary>
    public static async Task<List<StreamEvent>> ReadAsync(params string[] payloads)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, Frames(payloads));
        exception.Should().BeNull();
        return events;
    }

    public static async Task<T> FailAsync<T>(params string[] payloads)
        where T : Exception
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, Frames(payloads));
        return exception.Should().BeOfType<T>().Subject;
    }

    private static string Message(string type, int? index, string members)
    {
        var place = index is { } number ? $",\"index\":{number}" : "";
        return $"{{\"type\":\"{type}\"{place},\"delta\":{{\"message\":{{{members}}}}}}}";
    }

    private static string NameOf(string payload)
    {
        try
        {
            return JsonDocument.Parse(payload).RootElement.GetProperty("type").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "content-delta";
        }
    }
}
