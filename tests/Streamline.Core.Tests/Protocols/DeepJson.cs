using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.Tests.Protocols.Anthropic;
using Streamline.Tests.Protocols.Bedrock;

namespace Streamline.Tests.Protocols;

/// <summary>Values that nest deeply, and responses with a call that has them for its arguments.</summary>
internal static class DeepJson
{
    private const string Placeholder = """{"placeholder":0}""";
    private const string InputAtTheStart = ", in the start of its block";

    private static readonly Dictionary<string, StreamProtocol> Protocols = new(StringComparer.Ordinal)
    {
        ["Anthropic"] = StreamProtocols.Anthropic,
        ["Anthropic" + InputAtTheStart] = StreamProtocols.Anthropic,
        ["OpenAIChat"] = StreamProtocols.OpenAIChat,
        ["OpenAIResponses"] = StreamProtocols.OpenAIResponses,
        ["Gemini"] = StreamProtocols.Gemini,
        ["GeminiJsonArray"] = StreamProtocols.GeminiJsonArray,
        ["GeminiInteractions"] = StreamProtocols.GeminiInteractions,
        ["Ollama"] = StreamProtocols.Ollama,
        ["BedrockConverse"] = StreamProtocols.BedrockConverse,
        ["BedrockAnthropic"] = StreamProtocols.BedrockAnthropic,
        ["Cohere"] = StreamProtocols.Cohere,
        ["BedrockAnthropic" + InputAtTheStart] = StreamProtocols.BedrockAnthropic,
    };

    /// <summary>Gets the names of the forms in which arguments come: a wire, or one of two that it has.</summary>
    public static IEnumerable<string> Forms => Protocols.Keys;

    public static StreamProtocol ProtocolOf(string form) => Protocols[form];

    /// <summary>Whether the arguments are a part of the payload's own JSON, rather than text in it.</summary>
    public static bool IsPartOfPayload(string form) => form is "Gemini" or "GeminiJsonArray" or "Ollama" || form.EndsWith(InputAtTheStart, StringComparison.Ordinal);

    /// <summary>Makes an object that nests as deep as told: objects and arrays in turn.</summary>
    public static string Nested(int depth)
    {
        var json = new StringBuilder();
        for (var level = 0; level < depth; level++)
        {
            json.Append(level % 2 == 0 ? "{\"a\":" : "[");
        }

        json.Append('1');
        for (var level = depth - 1; level >= 0; level--)
        {
            json.Append(level % 2 == 0 ? '}' : ']');
        }

        return json.ToString();
    }

    /// <summary>Makes an object of objects, the innermost of which is empty.</summary>
    public static string NestedObjects(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    /// <summary>Writes the body of a response that says something and then calls a tool.</summary>
    public static byte[] BodyOf(string form, string arguments)
    {
        var protocol = ProtocolOf(form);
        if (form.EndsWith(InputAtTheStart, StringComparison.Ordinal))
        {
            string[] payloads =
            [
                AnthropicPayloads.Start, AnthropicPayloads.TextStart, AnthropicPayloads.Words("Hi"), AnthropicPayloads.BlockStop,
                $$$"""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{{{arguments}}}}}""",
                """{"type":"content_block_stop","index":1}""", AnthropicPayloads.End, AnthropicPayloads.Stop,
            ];
            return protocol == StreamProtocols.Anthropic
                ? Encoding.UTF8.GetBytes(string.Concat(payloads.Select(Frame)))
                : BedrockWire.Body([.. payloads.Select(Chunk)]);
        }

        var written = IsPartOfPayload(form) ? Placeholder : arguments;
        var body = WireRun.Encode(protocol,
        [
            new ResponseStarted { Provider = protocol.Name, ResponseId = "r1", Model = "m" },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "Hi" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 1, CallId = "c1", Name = "f" },
            new ToolInputDelta { Index = 1, CallId = "c1", Fragment = written },
            new ToolCallCompleted { Index = 1, CallId = "c1", Name = "f", ArgumentsText = written, Arguments = ToolArguments.Empty },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } },
        ]);
        return IsPartOfPayload(form) ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(Placeholder, arguments, StringComparison.Ordinal)) : body;
    }

    // The type is the first member.
    private static string Frame(string payload) => $"event: {payload.Split('"')[3]}\ndata: {payload}\n\n";

    private static byte[] Chunk(string payload) =>
        BedrockWire.Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}"}""");
}
