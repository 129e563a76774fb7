using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.Tests.Http;
using Streamline.Tests.Protocols.Bedrock;

namespace Streamline.Tests.Protocols;

/// <summary>What many calls hold together is limited, and so is what one frame yields, in every protocol.</summary>
[Trait("Law", "8")]
public class AggregateLimitTests
{
    private const int Calls = 1024;
    private const int BytesPerCall = 1024;

    private static readonly string Padding = new('x', BytesPerCall);

    public static TheoryData<string> OfStreamedCalls => ["anthropic", "bedrock-anthropic", "bedrock", "openai", "openai-responses"];

    public static TheoryData<string> OfLargeFrames => ["anthropic", "openai", "openai-responses", "ollama", "gemini"];

    [Theory]
    [MemberData(nameof(OfStreamedCalls))]
    public async Task Read_ManyOpenCallsOfManyArguments_StopsAtTheLimitOfAllTogether(string wire)
    {
        var limits = new StreamReadOptions { MaxOpenArgumentBytes = 64 * BytesPerCall };

        var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), OpenCalls(wire, seals: false), options: limits);

        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        limit.LimitName.Should().Be(nameof(StreamReadOptions.MaxOpenArgumentBytes));
        limit.Limit.Should().Be(limits.MaxOpenArgumentBytes);
        limit.Actual.Should().BeInRange(limits.MaxOpenArgumentBytes + 1, limits.MaxOpenArgumentBytes + (2 * BytesPerCall));
        events.OfType<ToolInputDelta>().Should().HaveCountGreaterThan(60, "what is within the limit is delivered");
    }

    [Theory]
    [MemberData(nameof(OfStreamedCalls))]
    public async Task Read_ManyCallsOneAfterAnother_CountsOnlyThoseThatAreOpen(string wire)
    {
        if (wire == "openai")
        {
            return; // The protocol has no end of a call: all of a choice are open until its finish reason.
        }

        var limits = new StreamReadOptions { MaxOpenArgumentBytes = 2 * BytesPerCall };

        var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), OpenCalls(wire, seals: true), options: limits);

        events.OfType<ToolCallCompleted>().Should().HaveCount(Calls).And.OnlyContain(call => call.ParseError == null);
        exception.Should().BeOfType<StreamInterruptedException>("the body has no end");
    }

    [Fact]
    public async Task Read_CallOfGeminiWhoseArgumentsAreStreamed_CountsThem()
    {
        var limits = new StreamReadOptions { MaxOpenArgumentBytes = 8 * BytesPerCall };
        var piece = """{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"@","willContinue":true}],"willContinue":true}}""".Replace("@", Padding, StringComparison.Ordinal);
        var body = new StringBuilder(GeminiChunk("""{"functionCall":{"name":"f","willContinue":true}}"""));
        for (var i = 0; i < 64; i++)
        {
            body.Append(GeminiChunk(piece));
        }

        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Gemini, Encoding.UTF8.GetBytes(body.ToString()), options: limits);

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxOpenArgumentBytes));
    }

    [Theory]
    [MemberData(nameof(OfLargeFrames))]
    public async Task Read_FrameOfManyCalls_StopsAtTheLimitOfEvents(string wire)
    {
        var limits = new StreamReadOptions { MaxEventsPerFrame = 100 };

        var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), FrameOfCalls(wire), options: limits);

        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        limit.LimitName.Should().Be(nameof(StreamReadOptions.MaxEventsPerFrame));
        limit.Limit.Should().Be(100);
        limit.Actual.Should().Be(101);
        events.Should().HaveCountGreaterThanOrEqualTo(100, "what is within the limit is delivered");
    }

    [Theory]
    [MemberData(nameof(OfLargeFrames))]
    public async Task Read_FrameOfAsManyEventsAsAreAllowed_IsRead(string wire)
    {
        var (all, _) = await WireRun.ReadAsync(Wires.Named(wire), FrameOfCalls(wire));

        var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), FrameOfCalls(wire), options: new StreamReadOptions { MaxEventsPerFrame = all.Count });

        (exception is StreamLimitException).Should().BeFalse();
        events.Should().HaveCount(all.Count);
    }

    private static byte[] OpenCalls(string wire, bool seals)
    {
        List<string> frames = [.. Begin(wire)];
        for (var i = 0; i < Calls; i++)
        {
            frames.AddRange(Call(wire, i));
            if (seals)
            {
                frames.AddRange(Seal(wire, i));
            }
        }

        return [.. frames.SelectMany(frame => Frame(wire, frame))];
    }

    private static IEnumerable<string> Begin(string wire) => wire switch
    {
        "anthropic" or "bedrock-anthropic" => ["""{"type":"message_start","message":{"id":"m","role":"assistant","model":"x","content":[]}}"""],
        "bedrock" => ["""messageStart {"role":"assistant"}"""],
        "openai-responses" => ["""{"type":"response.created","response":{"id":"r","model":"x"}}"""],
        _ => [],
    };

    private static IEnumerable<string> Call(string wire, int index) => Fill(index, wire switch
    {
        "anthropic" or "bedrock-anthropic" =>
        [
            """{"type":"content_block_start","index":#,"content_block":{"type":"tool_use","id":"c#","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":#,"delta":{"type":"input_json_delta","partial_json":@}}""",
        ],
        "bedrock" =>
        [
            """contentBlockStart {"contentBlockIndex":#,"start":{"toolUse":{"toolUseId":"c#","name":"f"}}}""",
            """contentBlockDelta {"contentBlockIndex":#,"delta":{"toolUse":{"input":@}}}""",
        ],
        "openai" => ["""{"id":"r","model":"x","choices":[{"index":0,"delta":{"tool_calls":[{"index":#,"id":"c#","function":{"name":"f","arguments":@}}]}}]}"""],
        _ =>
        [
            """{"type":"response.output_item.added","output_index":#,"item":{"type":"function_call","id":"i#","call_id":"c#","name":"f","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":#,"item_id":"i#","delta":@}""",
        ],
    });

    private static IEnumerable<string> Seal(string wire, int index) => Fill(index, wire switch
    {
        "anthropic" or "bedrock-anthropic" => ["""{"type":"content_block_stop","index":#}"""],
        "bedrock" => ["""contentBlockStop {"contentBlockIndex":#}"""],
        _ => ["""{"type":"response.function_call_arguments.done","output_index":#,"item_id":"i#","arguments":@}"""],
    });

    private static byte[] FrameOfCalls(string wire)
    {
        IEnumerable<string> frames = wire switch
        {
            "anthropic" => [Listing("""{"type":"message_start","message":{"id":"m","role":"assistant","content":[*]}}""", """{"type":"tool_use","id":"c#","name":"f","input":{}}""")],
            "openai" => [Listing("""{"id":"r","model":"x","choices":[{"index":0,"delta":{"tool_calls":[*]}}]}""", """{"index":#,"id":"c#","function":{"name":"f","arguments":"{}"}}""")],
            "openai-responses" =>
            [
                .. Begin(wire),
                Listing("""{"type":"response.completed","response":{"id":"r","output":[*]}}""", """{"type":"function_call","id":"i#","call_id":"c#","name":"f","arguments":"{}"}"""),
            ],
            "ollama" => [Listing("""{"model":"x","message":{"role":"assistant","content":"","tool_calls":[*]},"done":false}""", """{"function":{"name":"f#","arguments":{}}}""")],
            _ => [Listing("""{"candidates":[{"content":{"parts":[*]}}]}""", """{"functionCall":{"name":"f#","args":{}}}""")],
        };
        return [.. frames.SelectMany(frame => Frame(wire, frame))];
    }

    private static string Listing(string frame, string item) =>
        frame.Replace("*", string.Join(',', Enumerable.Range(0, Calls / 2).SelectMany(i => Fill(i, [item]))), StringComparison.Ordinal);

    // The sign # stands for the number of the call, and @ for the text of its arguments.
    private static IEnumerable<string> Fill(int index, IEnumerable<string> frames)
    {
        var arguments = JsonSerializer.Serialize($$"""{"a":"{{Padding}}"}""");
        return frames.Select(frame => frame
            .Replace("#", index.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@", arguments, StringComparison.Ordinal));
    }

    private static string GeminiChunk(string part) =>
        "data: " + """{"candidates":[{"content":{"parts":[*]}}]}""".Replace("*", part, StringComparison.Ordinal) + "\n\n";

    private static byte[] Frame(string wire, string payload) => wire switch
    {
        "ollama" => Encoding.UTF8.GetBytes(payload + "\n"),
        "bedrock-anthropic" => BedrockWire.Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}"}"""),
        "bedrock" => BedrockWire.Event(payload[..payload.IndexOf(' ', StringComparison.Ordinal)], payload[(payload.IndexOf(' ', StringComparison.Ordinal) + 1)..]),
        _ => Encoding.UTF8.GetBytes($"data: {payload}\n\n"),
    };
}
