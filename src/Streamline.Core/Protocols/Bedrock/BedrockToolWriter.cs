namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the tools of a request and how the model is to choose among them.</summary>
internal static class BedrockToolWriter
{
    /// <summary>Tells whether a request offers tools. There is no choice of none: to forbid tools, a request does not offer them.</summary>
    public static bool AreOffered(ChatOptions options) => options is { Tools.Count: > 0, ToolMode: not NoneChatToolMode };

    /// <summary>Writes the member <c>toolConfig</c>.</summary>
    /// <exception cref="ArgumentException">The protocol does not support a tool.</exception>
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (!AreOffered(options))
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        ToolWriter.WriteAll(writer, options.Tools!, BedrockConverseProtocol.ProtocolName, WriteTool);
        WriteChoice(writer, options.ToolMode);
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        var function = tool as AIFunctionDeclaration ?? throw ToolWriter.Unsupported(tool, BedrockConverseProtocol.ProtocolName);
        writer.WriteStartObject("toolSpec"u8);
        ToolWriter.WriteNameAndDescription(writer, function);
        writer.WriteObject("inputSchema", schema => SchemaWriter.WriteParameters(schema, "json", function, SchemaDialect.Anthropic));
        writer.WriteFlag("strict"u8, function.IsStrict());
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode)
    {
        var (choice, name) = mode switch
        {
            RequiredChatToolMode { RequiredFunctionName: { } function } => ("tool", function),
            RequiredChatToolMode => ("any", null),
            AutoChatToolMode => ("auto", null),
            _ => (null, (string?)null),
        };
        if (choice is null)
        {
            return;
        }

        writer.WriteStartObject("toolChoice"u8);
        writer.WriteObject(choice, members => members.WriteText("name"u8, name));
        writer.WriteEndObject();
    }
}
