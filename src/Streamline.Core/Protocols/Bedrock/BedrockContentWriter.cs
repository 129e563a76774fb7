namespace Streamline.Protocols.Bedrock;

/// <summary>Writes content blocks. What was received over this protocol is sent back unchanged: signatures, encrypted reasoning, results of server tools.</summary>
internal sealed class BedrockContentWriter(Utf8JsonWriter writer)
{
    private readonly BedrockMediaWriter _media = new(writer);

    /// <summary>Tells whether a content holds a block in the form of this protocol.</summary>
    public static bool IsOwn(AIContent content) => content.RawBlock(BedrockConverseProtocol.ProtocolName) is not null;

    /// <summary>Tells whether there is anything to send of a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        _ when IsOwn(content) => true,
        _ when content.IsProvidersOwn() => false,
        TextContent text => !string.IsNullOrWhiteSpace(text.Text), // the service refuses a blank text block
        TextReasoningContent => false, // and reasoning that it did not sign
        ErrorContent error => !string.IsNullOrWhiteSpace(error.Message),
        UsageContent => false,
        _ => true,
    };

    /// <exception cref="ArgumentException">The protocol does not support the content.</exception>
    public void Write(AIContent content)
    {
        var raw = content.RawBlock(BedrockConverseProtocol.ProtocolName);
        switch (content)
        {
            case ToolCallContent call when raw is not null || call is FunctionCallContent:
                WriteCall(call, raw?.Object("toolUse"u8));
                break;
            case TextReasoningContent { ProtectedData.Length: > 0 } reasoning:
                WriteReasoning(reasoning);
                break;
            case not null when raw is { } whole:
                writer.WriteVerbatim(whole);
                break;
            case FunctionResultContent result:
                WriteResult(result);
                break;
            case TextContent text:
                WriteText(text);
                break;
            case ErrorContent error:
                WriteText(error.Message);
                break;
            default:
                _media.Write(content!);
                break;
        }
    }

    private void WriteText(string text)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private void WriteText(TextContent text)
    {
        var citations = text.RawAnnotations(BedrockConverseProtocol.ProtocolName);
        if (citations.Count == 0)
        {
            WriteText(text.Text);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("citationsContent"u8);
        writer.WriteStartArray("content"u8);
        WriteText(text.Text);
        writer.WriteEndArray();
        writer.WriteArray("citations"u8, citations);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteReasoning(TextReasoningContent reasoning)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteStartObject("reasoningText"u8);
        writer.WriteString("text"u8, reasoning.Text);
        writer.WriteString("signature"u8, reasoning.ProtectedData);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteCall(ToolCallContent call, JsonElement? raw)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("toolUseId"u8, call.CallId);
        if (raw is { } block)
        {
            writer.WriteMembers(block, member => member == "name" && call is FunctionCallContent function ? function.Name : null, "toolUseId", "input");
        }
        else
        {
            writer.WriteString("name"u8, ((FunctionCallContent)call).Name);
        }

        writer.WritePropertyName("input"u8);
        ArgumentValues.WriteObject(writer, call);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteResult(FunctionResultContent result)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolResult"u8);
        writer.WriteString("toolUseId"u8, result.CallId);
        var contents = result.Contents(BedrockConverseProtocol.ProtocolName) ?? [new TextContent(result.Text())];
        writer.WriteArray("content", contents.Where(IsSent).DefaultIfEmpty(new TextContent(ContentValues.EmptyResult)), (_, content) => Write(content));

        // Not every model takes the status, and success goes without saying.
        writer.WriteText("status"u8, result.IsError() ? "error" : null);

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
