using System.Text.Json.Nodes;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes parts. What was received over this protocol is sent back unchanged: signatures beside the parts that they came with, results of server tools.</summary>
internal static class GeminiContentWriter
{
    // What the protocol's documentation names for calls that another model made.
    private const string ForeignSignature = "skip_thought_signature_validator";

    /// <summary>Tells whether there is anything to send of a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        _ when content.RawBlock(GeminiProtocol.ProtocolName) is not null => true,
        FunctionCallContent => true,
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        ErrorContent error => !string.IsNullOrWhiteSpace(error.Message),

        // The reasoning of another provider means nothing to this one.
        TextReasoningContent or UsageContent => false,
        _ => !content.IsProvidersOwn(),
    };

    /// <summary>Tells whether the result of a function can have data or a file: an image, a PDF or a text.</summary>
    public static bool IsCarriedInResult(AIContent content)
    {
        var mediaType = content switch
        {
            DataContent data => data.MediaType,
            UriContent uri => uri.MediaType,
            _ => (content as HostedFileContent)?.MediaType,
        };
        return mediaType is null or "application/pdf" || mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Writes the part, or parts, of a content.</summary>
    /// <param name="writer">The writer, at an element of the parts.</param>
    /// <param name="content">The content.</param>
    /// <param name="mustSign">Whether the next call needs a signature, though it may have none: only the first of a turn does.</param>
    /// <exception cref="ArgumentException">The protocol does not support the content.</exception>
    public static void Write(Utf8JsonWriter writer, AIContent content, ref bool mustSign)
    {
        var raw = content.RawBlock(GeminiProtocol.ProtocolName);
        switch (content)
        {
            case FunctionCallContent call:
                WriteCall(writer, call, raw ?? (mustSign ? Sign(call) : null));
                mustSign = false;
                break;
            case TextContent text:
                WriteText(writer, text.Text, raw);
                break;
            case TextReasoningContent reasoning:
                WriteText(writer, reasoning.Text, raw);
                break;
            case not null when raw is { } whole:
                writer.WriteVerbatim(whole);
                break;
            case ErrorContent error:
                WriteText(writer, error.Message, raw: null);
                break;
            default:
                WriteData(writer, content!);
                break;
        }
    }

    /// <summary>Writes a text, and what came beside it.</summary>
    /// <param name="writer">The writer, at an element of the parts.</param>
    /// <param name="text">The text.</param>
    /// <param name="raw">The part as received, without text; with its empty one where it was a part of its own after the text. <see langword="null"/> for neither.</param>
    public static void WriteText(Utf8JsonWriter writer, string text, JsonElement? raw)
    {
        var isApart = raw?.Member("text"u8) is not null;
        if (text.Length > 0 || !isApart)
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            if (isApart && GeminiPart.IsThought(raw!.Value))
            {
                writer.WriteBoolean("thought"u8, true);
            }

            writer.WriteMembers(isApart ? null : raw);
            writer.WriteEndObject();
        }

        if (isApart)
        {
            writer.WriteVerbatim(raw!.Value);
        }
    }

    /// <summary>Writes the answer to a call.</summary>
    /// <param name="writer">The writer, at an element of the parts.</param>
    /// <param name="result">The result.</param>
    /// <param name="call">The call, whose name the answer repeats.</param>
    /// <exception cref="ArgumentException">The protocol does not support the result.</exception>
    public static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, FunctionCallContent call)
    {
        var contents = result.Contents(GeminiProtocol.ProtocolName);
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        if (HasId(call.RawBlock(GeminiProtocol.ProtocolName)))
        {
            writer.WriteString("id"u8, call.CallId);
        }

        writer.WriteString("name"u8, call.Name);
        writer.WriteStartObject("response"u8);
        writer.WritePropertyName(result.IsError() ? "error"u8 : "output"u8);
        WriteOutput(writer, result, contents);
        writer.WriteEndObject();
        writer.WriteNonEmptyArray("parts", (contents ?? []).FindAll(content => content is not TextContent), WriteData);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, FunctionResultContent result, List<AIContent>? contents)
    {
        if (contents is not null)
        {
            writer.WriteStringValue(string.Concat(contents.OfType<TextContent>().Select(text => text.Text)));
        }
        else if (result.IsError() || result.Result is TextContent or null)
        {
            writer.WriteStringValue(result.Text());
        }
        else
        {
            ContentValues.WriteValue(writer, result.Result);
        }
    }

    private static void WriteData(Utf8JsonWriter writer, AIContent content)
    {
        writer.WriteStartObject();
        switch (content)
        {
            case DataContent data:
                writer.WriteStartObject("inlineData"u8);
                writer.WriteString("mimeType"u8, data.MediaType);
                writer.WriteString("data"u8, data.Base64Data.Span);
                break;
            case UriContent uri:
                writer.WriteStartObject("fileData"u8);
                writer.WriteString("mimeType"u8, uri.MediaType);
                writer.WriteString("fileUri"u8, uri.Uri.AbsoluteUri);
                break;
            case HostedFileContent file:
                writer.WriteStartObject("fileData"u8);
                writer.WriteText("mimeType"u8, file.MediaType);
                writer.WriteString("fileUri"u8, file.FileId);
                break;
            default:
                throw content.NotCarried(GeminiProtocol.ProtocolName);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call, JsonElement? raw) =>
        GeminiFunctionCall.Write(writer, call.Name, raw, HasId(raw) ? call.CallId : null, function =>
        {
            // A call without parameters may have come without arguments.
            if (raw is null || call.ArgumentsText() != "")
            {
                function.WritePropertyName("args"u8);
                ArgumentValues.WriteObject(function, call);
            }
        });

    // An id that was made here is not sent.
    private static bool HasId(JsonElement? raw) => raw?.Object("functionCall"u8)?.NonEmptyText("id"u8) is not null;

    private static JsonElement Sign(FunctionCallContent call) => ProviderJson.Parse(new JsonObject
    {
        ["thoughtSignature"] = ForeignSignature,
        ["functionCall"] = new JsonObject { ["name"] = call.Name },
    }.ToJsonString());
}
