namespace Streamline.Protocols.Shared;

/// <summary>Reads the form of the answer as both OpenAI protocols have it: the mirror of <see cref="SchemaWriter.WriteFormat"/>.</summary>
internal static class SchemaReader
{
    /// <summary>Reads a form that has no schema.</summary>
    /// <returns>Whether the writer writes it again from the options alone.</returns>
    public static bool TryReadWithoutSchema(RequestValue format, ChatOptions options)
    {
        options.ResponseFormat = format.Required("type").Text() switch
        {
            "text" => ChatResponseFormat.Text,
            "json_object" => ChatResponseFormat.Json,
            _ => null,
        };
        return options.ResponseFormat is not null && format.HasOnly("type");
    }

    /// <summary>Reads a schema with its name, and whether the model is held to it.</summary>
    /// <exception cref="StreamProtocolException">There is no schema, or no name.</exception>
    public static void Read(RequestValue holder, ChatOptions options)
    {
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(holder.Required("schema").Json, holder.Required("name").Text(), holder.Member("description")?.Text());
        if (holder.Member("strict") is { } strict)
        {
            (options.AdditionalProperties ??= [])[ToolWriter.Strict] = strict.IsTrue();
        }
    }
}
