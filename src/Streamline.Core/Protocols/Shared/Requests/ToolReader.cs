namespace Streamline.Protocols.Shared;

/// <summary>What the readers of tools have in common.</summary>
internal static class ToolReader
{
    /// <summary>Makes the properties of a tool that is sent back unchanged.</summary>
    public static Dictionary<string, object?> RawProperties(string protocol, RequestValue tool) =>
        new(StringComparer.Ordinal) { [ContentProperties.RawBlock(protocol)] = tool.Json };

    /// <summary>Reads a function: its name, its description, and the schema of its parameters, which may be missing.</summary>
    /// <exception cref="StreamProtocolException">The function has no name.</exception>
    public static ReceivedFunction ReadFunction(RequestValue function, IReadOnlyDictionary<string, object?> properties) => new(
        function.Required("name").Text(), function.Member("description")?.Text() ?? "", function.Member("parameters")?.Json ?? SchemaWriter.NoParameters, properties);

    /// <summary>Reads a word for how the model is to choose; <see langword="null"/> for one that is not known.</summary>
    /// <param name="word">The word.</param>
    /// <param name="required">The word for that a tool must be called.</param>
    public static ChatToolMode? ReadMode(string word, string required) => word switch
    {
        "auto" => ChatToolMode.Auto,
        "none" => ChatToolMode.None,
        _ when word == required => ChatToolMode.RequireAny,
        _ => null,
    };

    /// <summary>Reads a choice in the form of both OpenAI protocols.</summary>
    /// <param name="choice">A word, or the function that must be called.</param>
    /// <param name="options">The options, of which the tools are known.</param>
    /// <param name="holderOf">Gets what holds the name of the function.</param>
    /// <returns>Whether the writer writes the choice again from the options alone.</returns>
    public static bool TryReadChoice(RequestValue choice, ChatOptions options, Func<RequestValue, RequestValue> holderOf)
    {
        options.ToolMode = choice.IsText ? ReadMode(choice.Text(), "required")
            : choice.Required("type").Text() == "function" ? ChatToolMode.RequireSpecific(holderOf(choice).Required("name").Name())
            : null;
        return options is { ToolMode: not null, Tools.Count: > 0 };
    }
}
