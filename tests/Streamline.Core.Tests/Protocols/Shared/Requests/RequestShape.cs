using System.Text.Json.Nodes;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>Checks bodies of requests against the field lists of the wires' references: no other member, no member of another type, and the rules of order.</summary>
internal static class RequestShape
{
    /// <summary>Checks a body.</summary>
    /// <param name="protocol">The wire.</param>
    /// <param name="body">The body.</param>
    /// <param name="isForeign">Whether nothing in the conversation came over this wire, so that nothing can be in it that only this wire knows.</param>
    public static void Check(StreamProtocol protocol, JsonObject body, bool isForeign)
    {
        switch (protocol.Name)
        {
            case "anthropic":
                AnthropicShape.Check(body, isForeign);
                break;
            case "bedrock-anthropic":
                AnthropicShape.CheckOfBedrock(body, isForeign);
                break;
            case "bedrock":
                BedrockShape.Check(body, isForeign);
                break;
            case "openai":
                OpenAIChatShape.Check(body, isForeign);
                break;
            case "openai-responses":
                OpenAIResponsesShape.Check(body, isForeign);
                break;
            case "gemini":
                GeminiShape.Check(body, isForeign);
                break;
            case "ollama":
                OllamaShape.Check(body, isForeign);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(protocol), protocol.Name, "No field list.");
        }
    }

    /// <summary>The calls and the answers to them that a body holds, in order: names with a <c>?</c> or a <c>!</c>.</summary>
    public static IReadOnlyList<string> CallsAndResults(StreamProtocol protocol, JsonObject body) => protocol.Name switch
    {
        "anthropic" or "bedrock-anthropic" => AnthropicShape.CallsAndResults(body),
        "bedrock" => BedrockShape.CallsAndResults(body),
        "openai" => OpenAIChatShape.CallsAndResults(body),
        "openai-responses" => OpenAIResponsesShape.CallsAndResults(body),
        "gemini" => GeminiShape.CallsAndResults(body),
        _ => OllamaShape.CallsAndResults(body),
    };

    /// <summary>Asserts that an object has the members that it must have and no others. A name with a <c>?</c> may be missing.</summary>
    public static JsonObject HasOnly(this JsonNode? node, params string[] names)
    {
        var value = node.Should().BeAssignableTo<JsonObject>().Subject;
        value.Select(member => member.Key).Except(names.Select(name => name.TrimEnd('?'))).Should().BeEmpty("of {0}", value.ToJsonString());
        names.Where(name => !name.EndsWith('?')).Except(value.Select(member => member.Key)).Should().BeEmpty("of {0}", value.ToJsonString());
        return value;
    }

    /// <summary>Gets a text, and asserts that it is one.</summary>
    public static string Text(this JsonNode? node, string name)
    {
        node![name].Should().BeAssignableTo<JsonValue>("of the member {0}", name);
        return node![name]!.GetValue<string>();
    }

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string name) =>
        node![name] is null ? [] : node[name].Should().BeOfType<JsonArray>("of the member {0}", name).Subject.Select(item => item!);

    public static void IsObjectText(this string json) => JsonNode.Parse(json).Should().BeOfType<JsonObject>("of {0}", json);
}
