
namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>The table of quirks (reference of the wire, section 3.1): a row per deviation of a compatible server, split in every way.</summary>
public sealed class OpenAIChatQuirkTests
{
    /// <summary>Name of the deviation, the elements of <c>tool_calls</c> of one delta each, and the calls as <c>id name arguments</c>.</summary>
    public static TheoryData<string, string[], string[]> Deviations => new()
    {
        {
            "proper form",
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}""",
                """{"index":0,"function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{}"}}""",
            ],
            ["a f {\"x\":1}", "b g {}"]
        },
        {
            "interleaved pieces",
            [
                """{"index":0,"id":"a","function":{"name":"f","arguments":""}},{"index":1,"id":"b","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{\"y\":"}},{"index":0,"function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"function":{"arguments":"2}"}}""",
            ],
            ["a f {\"x\":1}", "b g {\"y\":2}"]
        },
        {
            "whole call in one chunk (Groq, xAI, Mistral, Gemini, Ollama)",
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["a f {\"x\":1}", "b g {}"]
        },
        {
            "no index, no type (Mistral, Gemini)",
            [
                """{"id":"k1","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"k2","function":{"name":"f","arguments":"{\"x\":2}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 f {\"x\":2}"]
        },
        {
            "no index, pieces (SGLang)",
            [
                """{"id":"k1","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"function":{"arguments":":1}"}}""",
                """{"id":"k2","function":{"name":"g","arguments":""}}""",
                """{"function":{"arguments":"{}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 g {}"]
        },
        {
            "index 0 for every call (Ollama, NVIDIA)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":0,"id":"k2","function":{"name":"f","arguments":"{\"x\":2}"}}""",
                """{"index":0,"id":"k3","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 f {\"x\":2}", "k3 g {}"]
        },
        {
            "index 0 for every call, and no id",
            [
                """{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":0,"function":{"name":"g","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 g {}"]
        },
        {
            "continuation with an empty id (Qwen)",
            [
                """{"index":0,"id":"k1","type":"function","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"","type":"function","function":{"arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "continuation with an empty name (third-party models at Mistral)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"name":"","arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "name repeated in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"name":"f","arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "id repeated in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"1"}}""",
                """{"index":0,"id":"k1","function":{"arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "id repeated, calls interleaved at one index",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k2","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"index":0,"id":"k1","function":{"arguments":"1}"}}""",
                """{"index":0,"id":"k2","function":{"arguments":"2}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 g {\"y\":2}"]
        },
        {
            "a new id in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k2","function":{"arguments":"1"}}""",
                """{"index":0,"id":"k3","function":{"arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "no id at all",
            [
                """{"index":0,"function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 f {}"]
        },
        {
            "neither id nor index",
            [
                """{"function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"function":{"arguments":"1}"}}""",
                """{"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 f {}"]
        },
        {
            "an id only from the second call on, no index",
            [
                """{"function":{"name":"f","arguments":"{}"}}""",
                """{"id":"k2","function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {}", "k2 f {}"]
        },
        {
            "an id only from the second call on, index 0 for both",
            [
                """{"index":0,"function":{"name":"f","arguments":"{}"}}""",
                """{"index":0,"id":"k2","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {}", "k2 g {}"]
        },
        {
            "id before the name",
            [
                """{"index":0,"id":"k1"}""",
                """{"index":0,"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["k1 f {}"]
        },
        {
            "id after the arguments, with the name",
            [
                """{"index":0,"function":{"arguments":"{\"x\":1}"}}""",
                """{"index":0,"id":"k1","function":{"name":"f"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "arguments null or absent at the beginning and the end (vLLM)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":null}}""",
                """{"index":0,"function":{"arguments":"{\"x\":1}"}}""",
                """{"index":0,"function":{"arguments":null}}""",
                """{"index":0,"function":{}}""",
                """{"index":0}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "arguments as an object",
            ["""{"index":0,"id":"k1","function":{"name":"f","arguments":{"x": [1, "ü"]}}}"""],
            ["k1 f {\"x\": [1, \"ü\"]}"]
        },
        {
            "arguments before the name (SGLang)",
            [
                """{"index":0,"id":"k1","function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1"}}""",
                """{"index":0,"function":{"name":"f","arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "no arguments",
            ["""{"index":0,"id":"k1","function":{"name":"f","arguments":""}}"""],
            ["k1 f "]
        },
        {
            "a place in the list in which nothing ever comes",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{}"}}""",
                """{"index":1}""",
            ],
            ["k1 f {}"]
        },
        {
            "a surrogate pair in two pieces",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":\"\ud83d"}}""",
                """{"index":0,"function":{"arguments":"\ude00\"}"}}""",
            ],
            ["k1 f {\"x\":\"😀\"}"]
        },
        {
            "the index of the delta is not that of the call (Mistral)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{}"}}],"index":7,"x":[{}""",
            ],
            ["k1 f {}"]
        },
        {
            "free-form tool",
            [
                """{"index":0,"id":"k1","type":"custom","custom":{"name":"f","input":"SELECT "}}""",
                """{"index":0,"custom":{"input":"1"}}""",
            ],
            ["k1 f SELECT 1"]
        },
    };

    [Theory]
    [Trait("Law", "1")]
    [MemberData(nameof(Deviations))]
    public async Task Decode_Deviation_GivesTheCalls(string deviation, string[] pieces, string[] calls)
    {
        var wire = OpenAIChatWire.Stream(
            [.. pieces.Select(piece => OpenAIChatWire.Delta($$""" "tool_calls":[{{piece}}] """)), OpenAIChatWire.Delta("", "tool_calls"), "[DONE]"]);

        var events = await OpenAIChatWire.DecodeAllWaysAsync(wire);

        events.OfType<ToolCallCompleted>().Select(call => $"{call.CallId} {call.Name} {call.ArgumentsText}").Should().Equal(calls, deviation);
        events.OfType<ToolCallStarted>().Select(call => call.CallId).Should().Equal(events.OfType<ToolCallCompleted>().Select(call => call.CallId), deviation);
        foreach (var completed in events.OfType<ToolCallCompleted>())
        {
            string.Concat(events.OfType<ToolInputDelta>().Where(delta => delta.CallId == completed.CallId).Select(delta => delta.Fragment))
                .Should().Be(completed.ArgumentsText, deviation);
        }
    }
}
