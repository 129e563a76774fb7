using Microsoft.Extensions.AI;

namespace Streamline.Structured;

/// <summary>A request for a structured answer, and where the answer will be.</summary>
/// <param name="Request">The request.</param>
/// <param name="ToolName">The tool of which the arguments are the answer; <see langword="null"/> when the text is the answer.</param>
/// <param name="Schema">The schema of the answer.</param>
internal sealed record StructuredRequest(StreamRequest Request, string? ToolName, StructuredSchema Schema)
{
    /// <summary>The name under which options and tools keep whether the model is held to the schema, where a protocol can say so.</summary>
    public const string Strict = "strict";

    private const string DefaultDescription = "Gives the answer. Call it once, with all of the answer.";

    public static StructuredRequest Create(IStreamClient client, IReadOnlyList<ChatMessage> messages, StructuredSchema schema, StructuredOutputOptions options)
    {
        var chat = options.Chat?.Clone() ?? new ChatOptions();
        var name = options.SchemaName ?? schema.Name;
        var metadata = client.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
        var isAccepted = (schema.IsStrict && !schema.IsRecursive) || metadata is not { SupportsOpenSchemas: false };
        if (options.Mode == StructuredOutputMode.ToolCall || (options.Mode == StructuredOutputMode.Auto && (!isAccepted || metadata is { SupportsResponseFormat: false })))
        {
            chat.Tools = [.. chat.Tools ?? [], new StructuredTool(name, options.SchemaDescription ?? DefaultDescription, schema.Schema, schema.IsStrict && isAccepted)];
            chat.ToolMode = ChatToolMode.RequireSpecific(name);
            chat.AllowMultipleToolCalls = false;
            return new StructuredRequest(new StreamRequest { Messages = messages, Options = chat }, name, schema);
        }

        chat.ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.Schema, name, options.SchemaDescription);
        if (schema.IsStrict)
        {
            (chat.AdditionalProperties ??= []).TryAdd(Strict, value: true);
        }

        return new StructuredRequest(new StreamRequest { Messages = messages, Options = chat }, ToolName: null, schema);
    }

    /// <summary>Makes what collects the text of the answer.</summary>
    public StructuredText CreateText(StructuredOutputOptions options) => new(ToolName, StructuredReading.JsonOf(options, () => Schema.Expected), needsEnd: true);
}
