using System.Buffers;

namespace Streamline.Protocols.Cohere;

/// <summary>Writes errors as the Chat API does: as the body of a response, and as the end of a stream.</summary>
internal static class CohereErrorWriter
{
    /// <summary>Writes the members of the body of an error that has an HTTP status.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteText("id"u8, error.RequestId);
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        WriteCode(writer, error);
    }

    /// <summary>Writes the members of the event that ends a stream with an error.</summary>
    public static void WriteEnd(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("type"u8, "message-end"u8);
        writer.WriteObject("delta", delta =>
        {
            delta.WriteString("finish_reason"u8, CohereFinishReasons.Error);
            delta.WriteString("error"u8, error.ProviderMessage ?? "");
            WriteCode(delta, error);
        });
    }

    // The API gives its status only in HTTP. Clients ignore the member, and a decoder reads it back.
    private static void WriteCode(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteText("error_type"u8, string.IsNullOrEmpty(error.Code) ? null : error.Code);
        writer.WriteCount("status_code"u8, (int?)error.StatusCode);
    }
}
