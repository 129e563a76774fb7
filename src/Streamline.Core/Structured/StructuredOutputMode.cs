namespace Streamline.Structured;

/// <summary>How a model is told the form of a structured answer.</summary>
public enum StructuredOutputMode
{
    /// <summary>
    /// <see cref="ResponseFormat"/>, unless the client says that its protocol has none (<see cref="StreamClientMetadata.SupportsResponseFormat"/>), or none for an open or recursive
    /// type (<see cref="StreamClientMetadata.SupportsOpenSchemas"/>): then <see cref="ToolCall"/>.
    /// </summary>
    Auto,

    /// <summary>By a response format with a JSON schema. The text of the answer is the value.</summary>
    ResponseFormat,

    /// <summary>By a tool that the model has to call, with the schema as that of its parameters. Nothing runs: the arguments of the call are the value.</summary>
    ToolCall,
}
