namespace Streamline.Protocols.Gemini;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class GeminiToolWriter
{
    /// <summary>Writes the tools, and how the model may use them.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="options">The options.</param>
    /// <param name="combinesTools">Whether the model can use functions and tools of the provider together, which has to be asked for.</param>
    /// <exception cref="ArgumentException">The protocol does not support a tool, or a schema nests too deeply.</exception>
    public static void Write(Utf8JsonWriter writer, ChatOptions options, bool combinesTools)
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
        var hasFunctions = functions.Count > 0 || tools.Any(IsRawFunctions);
        WriteConfig(writer, hasFunctions ? options.ToolMode : null, combinesTools && hasFunctions && tools.Any(IsOfProvider));
    }

    private static bool IsRawFunctions(AITool tool) => tool.RawBlock(GeminiProtocol.ProtocolName)?.Member("functionDeclarations"u8) is not null;

    private static bool IsOfProvider(AITool tool) =>
        tool.RawBlock(GeminiProtocol.ProtocolName) is { } raw ? raw.Member("functionDeclarations"u8) is null : tool is not AIFunctionDeclaration;

    private static void WriteFunctions(Utf8JsonWriter writer, List<AIFunctionDeclaration> functions)
    {
        writer.WriteStartObject();
        writer.WriteArray("functionDeclarations", functions, static (writer, function) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, function.Name);
            writer.WriteString("description"u8, function.Description ?? "");

            // A function without parameters must not have the schema of an object that is empty.
            if (function.JsonSchema is { ValueKind: JsonValueKind.Object } schema && schema.EnumerateObject().Any(SaysSomething))
            {
                SchemaWriter.WriteParameters(writer, "parametersJsonSchema", function);
            }

            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static bool SaysSomething(JsonProperty member) => member.Name switch
    {
        "type" or "$schema" => false,
        "properties" => member.Value.ValueKind != JsonValueKind.Object || member.Value.GetPropertyCount() > 0,
        "required" => member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() > 0,
        "additionalProperties" => member.Value.ValueKind != JsonValueKind.False,
        _ => true,
    };

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

    // The provider refuses a mode without functions.
    private static void WriteConfig(Utf8JsonWriter writer, ChatToolMode? mode, bool combinesTools)
    {
        if (mode is null && !combinesTools)
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        if (mode is not null)
        {
            WriteMode(writer, mode);
        }

        writer.WriteFlag("includeServerSideToolInvocations"u8, combinesTools ? true : null);
        writer.WriteEndObject();
    }

    private static void WriteMode(Utf8JsonWriter writer, ChatToolMode mode)
    {
        writer.WriteStartObject("functionCallingConfig"u8);
        writer.WriteString("mode"u8, mode switch { NoneChatToolMode => "NONE", RequiredChatToolMode => "ANY", _ => "AUTO" });
        if (mode is RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            writer.WriteTexts("allowedFunctionNames", [name]);
        }

        writer.WriteEndObject();
    }
}
