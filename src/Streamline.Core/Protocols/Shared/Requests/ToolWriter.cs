namespace Streamline.Protocols.Shared;

/// <summary>What the writers of tools have in common.</summary>
internal static class ToolWriter
{
    /// <summary>The property of a tool or of options that says whether the model is held to the schema: the name that the exchange types' own adapters use.</summary>
    public const string Strict = "strict";

    /// <summary>Gets the form that a tool has on a protocol, where it was given one; <see langword="null"/> otherwise.</summary>
    public static JsonElement? RawBlock(this AITool tool, string protocol) =>
        tool.AdditionalProperties.TryGetValue(ContentProperties.RawBlock(protocol), out var raw) && raw is JsonElement json ? json : null;

    /// <summary>Gets whether the model is held to the schema of a function; <see langword="null"/> when the application does not say.</summary>
    public static bool? IsStrict(this AITool tool) => tool.AdditionalProperties.TryGetValue(Strict, out var value) && value is bool isStrict ? isStrict : null;

    /// <summary>Gets whether the model is held to the schema of the answer; <see langword="null"/> when the application does not say.</summary>
    public static bool? IsStrict(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault(Strict) as bool?;

    /// <summary>Writes the member <c>tools</c>: each tool as it is where it has a form of its own, otherwise by a function.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="protocol">The name of the protocol.</param>
    /// <param name="write">Writes the members of a tool; the writer is inside its object.</param>
    /// <exception cref="ArgumentException">The protocol does not support a tool, or a schema nests too deeply.</exception>
    public static void WriteAll(Utf8JsonWriter writer, IEnumerable<AITool> tools, string protocol, Action<Utf8JsonWriter, AITool> write)
    {
        writer.WriteArray("tools", tools, (_, tool) =>
        {
            if (tool.RawBlock(protocol) is { } raw)
            {
                writer.WriteVerbatim(raw);
                return;
            }

            writer.WriteStartObject();
            write(writer, tool);
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes a function: its name, its description when it has one, and the schema of its parameters.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="function">The function.</param>
    /// <param name="parameters">The member of the schema.</param>
    /// <param name="strict">What the provider accepts of a function whose schema the model is held to; <see langword="null"/> for everything.</param>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteFunction(Utf8JsonWriter writer, AIFunctionDeclaration function, string parameters = "parameters", SchemaDialect? strict = null)
    {
        WriteNameAndDescription(writer, function);
        SchemaWriter.WriteParameters(writer, parameters, function, strict);
    }

    /// <summary>Writes the name of a function, and its description when it has one.</summary>
    public static void WriteNameAndDescription(Utf8JsonWriter writer, AIFunctionDeclaration function)
    {
        writer.WriteString("name"u8, function.Name);
        writer.WriteText("description"u8, string.IsNullOrEmpty(function.Description) ? null : function.Description);
    }

    /// <summary>Writes a function in the form that Chat Completions introduced: as the member <c>function</c> of a tool.</summary>
    /// <param name="writer">The writer, inside the object of the tool.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="protocol">The name of the protocol.</param>
    /// <param name="advice">What can be done about a tool that is not a function, as a sentence; <see langword="null"/> for nothing.</param>
    /// <param name="strict">What the provider accepts of a function whose schema the model is held to; <see langword="null"/> when a function cannot say so.</param>
    /// <exception cref="ArgumentException">The tool is not a function, or its schema nests too deeply.</exception>
    public static void WriteNestedFunction(Utf8JsonWriter writer, AITool tool, string protocol, string? advice = null, SchemaDialect? strict = null)
    {
        var function = tool as AIFunctionDeclaration ?? throw Unsupported(tool, protocol, advice);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        WriteFunction(writer, function, strict: strict);
        writer.WriteFlag("strict"u8, strict is null ? null : function.IsStrict());
        writer.WriteEndObject();
    }

    /// <summary>Writes the headers that a server of tools is called with, unless there are none.</summary>
    public static void WriteHeaders(Utf8JsonWriter writer, HostedMcpServerTool server)
    {
        if (server.Headers is { Count: > 0 } headers)
        {
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the choice among tools in the form of both OpenAI protocols: a word, or the function that must be called.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="mode">The choice; <see langword="null"/> for none.</param>
    /// <param name="writeFunction">Writes the members that name the function.</param>
    public static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode, Action<Utf8JsonWriter, string> writeFunction)
    {
        switch (mode)
        {
            case null:
                break;
            case NoneChatToolMode:
                writer.WriteString("tool_choice"u8, "none"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice"u8);
                writer.WriteString("type"u8, "function"u8);
                writeFunction(writer, name);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("tool_choice"u8, mode is RequiredChatToolMode ? "required"u8 : "auto"u8);
                break;
        }
    }

    /// <summary>Makes the error of a tool that a protocol does not support.</summary>
    public static ArgumentException Unsupported(AITool tool, string protocol, string? advice = null) => new(
        $"The protocol '{protocol}' does not support the tool '{tool.Name}' of type {TypeNames.Of(tool)}. {advice}".TrimEnd(), nameof(tool));
}
