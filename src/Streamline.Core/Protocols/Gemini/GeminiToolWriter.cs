namespace Streamline.Protocols.Gemini;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class GeminiToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        List<AIFunctionDeclaration> functions = [.. tools.OfType<AIFunctionDeclaration>().Where(tool => tool.RawBlock(GeminiProtocol.ProtocolName) is null)];
        writer.WriteStartArray("tools"u8);
        if (functions.Count > 0)
        {
            WriteFunctions(writer, functions);
        }

        foreach (var tool in tools.Except(functions))
        {
            WriteOther(writer, tool);
        }

        writer.WriteEndArray();
        WriteMode(writer, options.ToolMode);
    }

    private static void WriteFunctions(Utf8JsonWriter writer, List<AIFunctionDeclaration> functions)
    {
        writer.WriteStartObject();
        writer.WriteArray("functionDeclarations", functions, static (writer, function) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, function.Name);
            writer.WriteString("description"u8, function.Description ?? "");

            // A function without parameters must not have the schema of an object that is empty.
            if (function.JsonSchema is { ValueKind: JsonValueKind.Object } schema && schema.Object("properties"u8)?.GetPropertyCount() > 0)
            {
                SchemaWriter.WriteParameters(writer, "parametersJsonSchema", function);
            }

            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void WriteOther(Utf8JsonWriter writer, AITool tool)
    {
        if (tool.RawBlock(GeminiProtocol.ProtocolName) is { } json)
        {
            writer.WriteVerbatim(json);
            return;
        }

        var name = tool switch
        {
            HostedWebSearchTool => "googleSearch",
            HostedCodeInterpreterTool => "codeExecution",
            _ => throw ToolWriter.Unsupported(tool, GeminiProtocol.ProtocolName),
        };
        writer.WriteStartObject();
        writer.WriteObject(name, static _ => { });
        writer.WriteEndObject();
    }

    private static void WriteMode(Utf8JsonWriter writer, ChatToolMode? mode)
    {
        if (mode is null)
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartObject("functionCallingConfig"u8);
        writer.WriteString("mode"u8, mode switch { NoneChatToolMode => "NONE", RequiredChatToolMode => "ANY", _ => "AUTO" });
        if (mode is RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            writer.WriteTexts("allowedFunctionNames", [name]);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
