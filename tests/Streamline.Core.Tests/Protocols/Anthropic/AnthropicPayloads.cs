using System.Text.Json;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>Payloads of this wire, and what a decoder makes of them.</summary>
internal static class AnthropicPayloads
{
    public const string Start =
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}}""";

    public const string End = """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":31}}""";
    public const string Stop = """{"type":"message_stop"}""";
    public const string TextStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    public const string ToolStart =
        """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"now","input":{}}}""";

    public const string BlockStop = """{"type":"content_block_stop","index":0}""";

    public static string Frames(params string[] payloads) =>
        string.Concat(payloads.Select(payload => $"event: {NameOf(payload)}\ndata: {payload}\n\n"));

    private static string NameOf(string payload)
    {
        try
        {
            return JsonDocument.Parse(payload).RootElement.GetProperty("type").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "content_block_delta";
        }
    }

    public static string Words(string escaped) => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{escaped}}}"}}""";

    public static string Input(string escaped) =>
        $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{{{escaped}}}"}}""";

    public static async Task<List<StreamEvent>> ReadAsync(params string[] payloads)
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(payloads));
        exception.Should().BeNull();
        return events;
    }
}
