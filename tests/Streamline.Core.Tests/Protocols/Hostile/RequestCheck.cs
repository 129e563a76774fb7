using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.Tests.Protocols.Anthropic;
using Streamline.Tests.Protocols.OpenAIChat;
using Streamline.Tests.Protocols.OpenAIResponses;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>Reads the body of a request and writes it again: the reader fails with its documented exception only, and the writer writes what the reader accepts.</summary>
internal static class RequestCheck
{
    /// <summary>A valid body, random by its seed.</summary>
    public static string Create(StreamProtocol protocol, int seed) => (protocol == StreamProtocols.Anthropic ? new AnthropicRandomBody(seed).Create()
        : protocol == StreamProtocols.OpenAIChat ? new OpenAIChatRandomBody(seed).Create()
        : new OpenAIResponsesRandomBody(seed).Create()).ToJsonString();

    public static Violation? Find(StreamProtocol protocol, string body)
    {
        JsonElement element;
        try
        {
            element = JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null; // is refused before it gets here
        }

        var name = HostileProtocols.NameOf(protocol);
        StreamRequest request;
        try
        {
            request = protocol.ReadRequest(element);
        }
        catch (StreamProtocolException)
        {
            return null;
        }
        catch (Exception fault)
        {
            return new Violation($"{name}: ReadRequest throws {fault.GetType().Name}", fault.ToString());
        }

        var written = new ArrayBufferWriter<byte>();
        try
        {
            protocol.WriteRequestBody(request, new StreamRequestDefaults("model", MaxOutputTokens: 16), written);
        }
        catch (Exception fault)
        {
            return new Violation($"{name}: the writer throws {fault.GetType().Name} on what ReadRequest accepts", fault.ToString());
        }

        try
        {
            protocol.ReadRequest(JsonElement.Parse(written.WrittenSpan));
            return null;
        }
        catch (Exception fault)
        {
            return new Violation($"{name}: ReadRequest throws {fault.GetType().Name} on what the writer writes", fault.Message);
        }
    }
}
