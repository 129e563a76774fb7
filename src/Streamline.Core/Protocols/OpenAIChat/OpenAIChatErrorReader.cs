using System.Globalization;
using System.Net;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// Reads an error in every form that servers of this wire give it: an <c>error</c> that is an object or a text, its members at
/// the top level, an array around it, or text that is no JSON at all.
/// </summary>
internal static class OpenAIChatErrorReader
{
    private const double MaxRetryAfterSeconds = 365 * 24 * 60 * 60;

    /// <summary>Reads an answer that is known to be an error. What is not of the wire's form becomes a bounded excerpt.</summary>
    public static OpenAIChatError Read(ReadOnlySpan<byte> body) =>
        (Parse(body) is { } root ? ReadObject(root) : null) ?? new OpenAIChatError { Message = ErrorExcerpt.Of(body) };

    /// <summary>Reads an answer that may be an error; <see langword="null"/> when it does not say so itself.</summary>
    public static OpenAIChatError? TryRead(ReadOnlySpan<byte> body) => Parse(body) is { } root ? ReadPayload(root) : null;

    /// <summary>Reads the error in a payload of a stream; <see langword="null"/> when the payload is none.</summary>
    public static OpenAIChatError? ReadPayload(JsonElement root)
    {
        var isError = root.Object("error"u8) is { } error ? error.GetPropertyCount() > 0 : root.NonEmptyText("error"u8) is not null;
        return isError || IsOldForm(root) ? ReadObject(root) : null;
    }

    // Gemini's compatible endpoint puts the object into an array.
    private static JsonElement? Parse(ReadOnlySpan<byte> body) => JsonPayload.TryParse(body) switch
    {
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Select(element => (JsonElement?)element).FirstOrDefault(),
        var root => root,
    };

    private static OpenAIChatError? ReadObject(JsonElement root)
    {
        if (root.Object("error"u8) is { } error)
        {
            return ReadMembers(error);
        }

        if (root.Text("error"u8) is { } text)
        {
            return new OpenAIChatError { Message = ErrorExcerpt.Of(text), Code = root.NonEmptyText("code"u8) };
        }

        if (IsOldForm(root) || root.Text("message"u8) is not null)
        {
            return ReadMembers(root);
        }

        // FastAPI, which vLLM and others are built on, says only `detail`.
        return root.Text("detail"u8) is { } detail ? new OpenAIChatError { Message = ErrorExcerpt.Of(detail) } : null;
    }

    // vLLM before the members moved into `error`.
    private static bool IsOldForm(JsonElement root) => root.TextEquals("object"u8, "error"u8);

    private static OpenAIChatError ReadMembers(JsonElement error)
    {
        var (number, code) = ReadCode(error);
        var type = error.NonEmptyText("type"u8);
        var metadataType = error.Object("metadata"u8)?.NonEmptyText("error_type"u8);
        var availability = error.Object("availability"u8);
        return new OpenAIChatError
        {
            Status = ToStatus(number)
                ?? ToStatus(Number(error, "status_code"u8))
                ?? ToStatus(Number(error, "status"u8))
                ?? OpenAIChatErrorCodes.ToStatus(code)
                ?? OpenAIChatErrorCodes.ToStatus(metadataType)
                ?? OpenAIChatErrorCodes.ToStatus(type),
            Code = code ?? metadataType ?? type,
            Message = ErrorExcerpt.Of(error.Text("message"u8)),
            IsRetryable = availability?.Member("retryable"u8)?.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            },
            RetryAfter = availability is { } a && Number(a, "retry_after"u8) is >= 0 and <= MaxRetryAfterSeconds and var seconds
                ? TimeSpan.FromSeconds(seconds)
                : null,
        };
    }

    // vLLM and OpenRouter give the HTTP status as the code: as a number, seldom as its digits.
    private static (double? Number, string? Code) ReadCode(JsonElement error)
    {
        var text = error.NonEmptyText("code"u8);
        return double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            ? (digits, null)
            : (Number(error, "code"u8), text);
    }

    private static HttpStatusCode? ToStatus(double? number) => number is >= 400 and < 600 ? (HttpStatusCode)(int)number : null;

    private static double? Number(JsonElement value, ReadOnlySpan<byte> name) =>
        value.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var result) ? result : null;
}
