using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIResponses;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Makes streams of this wire and drives its decoder and writer over them.</summary>
internal static class OpenAIResponsesWire
{
    public const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt","status":"in_progress","output":[]}}""";
    public const string Completed = """{"type":"response.completed","response":{"id":"resp_1","model":"gpt","status":"completed","output":[]}}""";

    private static readonly JsonSerializerOptions Stored = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>A body of payloads, each in a frame with the name of its type.</summary>
    public static string Stream(params IEnumerable<string> payloads) => string.Concat(payloads.Select(payload =>
        $"event: {JsonElement.Parse(payload).GetProperty("type").GetString()}\ndata: {payload}\n\n"));

    /// <summary>A whole response of payloads between its beginning and its end.</summary>
    public static string Response(params IEnumerable<string> payloads) => Stream([Created, .. payloads, Completed]);

    public static string Added(int index, string item) => $$"""{"type":"response.output_item.added","output_index":{{index}},"item":{{item}}}""";

    public static string Done(int index, string item) => $$"""{"type":"response.output_item.done","output_index":{{index}},"item":{{item}}}""";

    public static string Event(string type, int index, string members) =>
        $$"""{"type":"response.{{type}}","item_id":"i_{{index}}","output_index":{{index}},"content_index":0,"summary_index":0{{(members.Length > 0 ? "," : "")}}{{members}}}""";

    public static string Delta(string type, int index, string text) => Event(type + ".delta", index, $"\"delta\":{JsonSerializer.Serialize(text)}");

    /// <summary>Decodes a stream that is expected to be whole, split in every way of <see cref="WireRun.ChunkSizes"/> and with and without prediction; all must agree.</summary>
    public static async Task<List<StreamEvent>> DecodeAllWaysAsync(string wire)
    {
        var (whole, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, wire);
        exception.Should().BeNull();
        await VerifyAllWaysAsync(Encoding.UTF8.GetBytes(wire), whole, "the stream");
        return whole;
    }

    public static async Task VerifyAllWaysAsync(byte[] wire, List<StreamEvent> expected, string name)
    {
        var lines = expected.ToLines();
        foreach (var size in WireRun.ChunkSizes)
        {
            var (split, _) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, wire, size);
            (split.ToLines() == lines).Should().BeTrue("chunks of {0} bytes of {1} make the same events, but made\n{2}", size, name, split.ToLines());
        }

        var (parsed, _) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, new OpenAIResponsesEventDecoder(new StreamReadOptions(), requestId: null, predicts: false), wire);
        (parsed.ToLines() == lines).Should().BeTrue("prediction changes nothing in {0}, but without it the events are\n{1}", name, parsed.ToLines());
    }

    public static StreamState Fold(IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);

    /// <summary>The body of the request that sends messages back, straight and after they went through their JSON form; both must agree.</summary>
    public static JsonObject NextRequest(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> list = [.. messages];
        var stored = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(list, Stored), Stored)!;
        var body = Write(new StreamRequest { Messages = list });
        Write(new StreamRequest { Messages = stored }).Should().Be(body, "a stored conversation goes back as the live one does");
        return JsonNode.Parse(body)!.AsObject();
    }

    public static string Write(StreamRequest request, string? model = "m", int? maxOutputTokens = null)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.OpenAIResponses.WriteRequestBody(request, new StreamRequestDefaults(model, maxOutputTokens), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
