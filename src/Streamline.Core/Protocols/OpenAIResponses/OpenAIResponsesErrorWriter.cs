using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes errors inside a stream.</summary>
internal static class OpenAIResponsesErrorWriter
{
    /// <summary>Writes the members of an <c>error</c> event in both of its forms, as readers know the one or the other.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        var body = new ArrayBufferWriter<byte>();
        OpenAIChatErrorWriter.Write(error, body, isInBand: true);
        writer.WriteString("code"u8, error.Code);
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        writer.WriteNull("param"u8);
        writer.WritePropertyName("error"u8);
        ContentValues.WriteVerbatim(writer, WireJson.Parse(body.WrittenSpan).GetProperty("error"u8));
    }
}
