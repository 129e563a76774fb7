using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>The wire's errors inside a stream.</summary>
internal static class OpenAIResponsesErrors
{
    /// <summary>Reads an <c>error</c> event: with its members at the top, as it is specified, or in an object, as it is sent.</summary>
    public static OpenAIChatError Read(JsonElement payload) => OpenAIChatErrorReader.ReadPayload(payload) ?? Of(payload);

    /// <summary>Reads a frame that is named an error, whatever it holds.</summary>
    public static OpenAIChatError Read(ReadOnlySpan<byte> data) =>
        JsonPayload.TryParse(data) is { ValueKind: JsonValueKind.Object } payload ? Read(payload) : OpenAIChatErrorReader.Read(data);

    /// <summary>Reads the error of a response that failed.</summary>
    public static OpenAIChatError ReadFailed(JsonElement response)
    {
        var error = response.Object("error"u8) is { } members ? Of(members) : new OpenAIChatError();

        // OpenRouter's word for the kind of error, which has a meaning where the code of the model's server has none.
        var type = response.NonEmptyText("error_type"u8);
        return error with { Code = error.Code ?? type, Status = error.Status ?? OpenAIChatErrorCodes.ToStatus(type) };
    }

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

    private static OpenAIChatError Of(JsonElement members)
    {
        var code = members.NonEmptyText("code"u8);
        return new OpenAIChatError { Code = code, Status = OpenAIChatErrorCodes.ToStatus(code), Message = ErrorExcerpt.Of(members.Text("message"u8)) };
    }
}
