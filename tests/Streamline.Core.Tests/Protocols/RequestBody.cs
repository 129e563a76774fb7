using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols;

/// <summary>Writes the bodies of requests.</summary>
internal static class RequestBody
{
    /// <summary>A function with one parameter.</summary>
    public static AIFunctionDeclaration Weather { get; } = AIFunctionFactory.CreateDeclaration(
        "weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    public static JsonObject Write(StreamProtocol protocol, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null, string? model = "m")
    {
        var output = new ArrayBufferWriter<byte>();
        protocol.WriteRequestBody(
            new StreamRequest { Messages = messages, Options = options, ExtraBody = extra }, new StreamRequestDefaults(model, MaxOutputTokens: null), output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    /// <summary>Sends a message through its JSON form, as an application that stores conversations does.</summary>
    public static ChatMessage Store(ChatMessage message) =>
        JsonSerializer.Deserialize<ChatMessage>(JsonSerializer.Serialize(message, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    public static void ShouldBe(this JsonNode? body, string json) => body!.ToJsonString().Should().Be(JsonNode.Parse(json)!.ToJsonString());
}
