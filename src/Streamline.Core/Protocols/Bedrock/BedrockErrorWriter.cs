using System.Buffers;
using System.Net;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes errors as Bedrock does: as the body of a response, and as exceptions inside a stream.</summary>
internal static class BedrockErrorWriter
{
    // The name of a message is bounded, the code of another provider is not.
    private const int MaxCodeLength = 1024;

    private const string ExceptionEnding = "Exception";

    /// <summary>Writes the members of the body of an error that has an HTTP status.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("__type"u8, CodeOf(error));
        WriteMessage(writer, error);
    }

    /// <summary>Writes an exception inside a stream.</summary>
    public static void WriteException(FrameOutput output, ProviderException error)
    {
        var payload = new ArrayBufferWriter<byte>();
        JsonWriting.WriteObject(payload, writer => WriteMessage(writer, error));
        var code = CodeOf(error) is { Length: > MaxCodeLength } tooLong ? tooLong[..MaxCodeLength] : CodeOf(error);
        output.WriteException(code.EndsWith(ExceptionEnding, StringComparison.Ordinal) ? char.ToLowerInvariant(code[0]) + code[1..] : code, payload.WrittenSpan);
    }

    // The service gives only the message. The status of a code that it does not have is added for gateways, and read back.
    private static void WriteMessage(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        if (error is { StatusCode: { } status, Code: { } code } && ErrorCodes.Find(code)?.Status is null)
        {
            writer.WriteNumber("status"u8, (int)status);
        }
    }

    private static string CodeOf(ProviderException error) => string.IsNullOrEmpty(error.Code) ? CodeOf(error.StatusCode) : error.Code;

    private static string CodeOf(HttpStatusCode? status) => (int?)status switch
    {
        401 or 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 or 504 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        502 or 503 or 529 => "ServiceUnavailableException",
        >= 400 and < 500 => "ValidationException",
        _ => "InternalServerException",
    };
}
