namespace Streamline.Structured;

/// <summary>The answer is not the value that was asked for.</summary>
public sealed class StructuredOutputException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="StructuredOutputException"/> class.</summary>
    /// <param name="error">The class of fault.</param>
    /// <param name="message">What was found and what was expected, without a final full stop.</param>
    /// <param name="path">The place of the fault in the value, as <see cref="System.Text.Json.JsonException.Path"/> writes it; <see langword="null"/> when it has none.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public StructuredOutputException(StructuredOutputError error, string message, string? path = null, Exception? innerException = null)
        : base(path is null ? message + "." : $"{message}, at {path}.", innerException)
    {
        Error = error;
        Path = path;
    }

    /// <summary>Gets the kind of error.</summary>
    public StructuredOutputError Error { get; }

    /// <summary>Gets the place of the error in the value, such as <c>$.items[3].price</c>; <see langword="null"/> when it has none.</summary>
    public string? Path { get; }

    /// <summary>Gets the value as far as it had arrived, of the type that was asked for; <see langword="null"/> when nothing of it can be shown.</summary>
    /// <value>When items were asked for, <see langword="null"/>: those that were complete have been handed out.</value>
    public object? PartialValue { get; init; }

    /// <summary>Gets what is known of the response: usage, finish reason, reasoning and raw text.</summary>
    /// <value><see langword="null"/> for an exception that was not made by reading a response.</value>
    public StructuredResponse? Response { get; init; }

    /// <summary>Gets the model's words on why it declines; <see langword="null"/> when it gave none.</summary>
    public string? Refusal { get; init; }
}
