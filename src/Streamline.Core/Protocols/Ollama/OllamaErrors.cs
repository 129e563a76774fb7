using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>The wire's errors: an object whose <c>error</c> is a text, as the answer to a request and as a line of a stream.</summary>
internal static class OllamaErrors
{
    /// <summary>Reads the error in a line of a stream; <see langword="null"/> when the line is none.</summary>
    public static ProviderException? ReadInBand(JsonElement root, string? requestId)
    {
        if (root.Member("error"u8) is null)
        {
            return null;
        }

        // Ollama says only the text, which stands for a status. What our own encoder adds for gateways is read back.
        var (code, message) = ReadMembers(root);
        var status = root.Integer("status"u8) is >= 400 and < 600 and var number ? (HttpStatusCode)number : OllamaErrorTexts.ToStatus(message);
        return new ProviderException(OllamaProtocol.WireName, status, code, message)
        {
            RequestId = requestId,
            IsInBand = true,
            IsRetryable = status is { } known && IsRetryable(known),
        };
    }

    /// <summary>Classifies an answer that is an error by its HTTP status.</summary>
    public static ProviderException Read(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (code, message) = JsonPayload.TryParse(body) is { } root ? ReadMembers(root) : default;
        return new ProviderException(OllamaProtocol.WireName, statusCode, code, message ?? ErrorExcerpt.Of(body))
        {
            RequestId = StreamProtocols.Ollama.ReadRequestId(headers),
            RetryAfter = RetryAfterHeader.Read(headers, now),
            IsRetryable = RetryAfterHeader.ShouldRetry(headers) ?? IsRetryable(statusCode),
        };
    }

    /// <summary>Writes the body of an error, which is also the line of one inside a stream. Clients of Ollama pass over the members that it does not write.</summary>
    public static void Write(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("error"u8, error.ProviderMessage ?? "");
        if (error.StatusCode is { } status)
        {
            writer.WriteNumber("status"u8, (int)status);
        }

        if (error.Code is { } code)
        {
            writer.WriteString("code"u8, code);
        }

        writer.WriteEndObject();
    }

    // Servers that stand in for Ollama give an object, as OpenAI does.
    private static (string? Code, string? Message) ReadMembers(JsonElement root) => root.Object("error"u8) is { } error
        ? (error.NonEmptyText("code"u8) ?? error.NonEmptyText("type"u8), ErrorExcerpt.Of(error.Text("message"u8)))
        : (root.NonEmptyText("code"u8), ErrorExcerpt.Of(root.Text("error"u8)));

    // A 500 is a model that cannot be run, which another attempt rarely changes.
    private static bool IsRetryable(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.BadGateway;
}
