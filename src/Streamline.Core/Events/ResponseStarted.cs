namespace Streamline;

/// <summary>The provider began to answer. Once per response: with tools, once per round.</summary>
public sealed class ResponseStarted : StreamEvent
{
    /// <summary>Gets the name of the provider that answers, such as <c>anthropic</c> or <c>groq</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the name of the wire that the response came over, such as <c>openai</c> for Groq; <see langword="null"/> when it bears the name of the provider.</summary>
    public string? Wire { get; init; }

    /// <summary>Gets the provider's id of the response; <see langword="null"/> when it gave none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Gets the model that answers, which may differ from the one that was asked for; <see langword="null"/> when the provider does not say.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider's id of the HTTP request, for its support; <see langword="null"/> when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets when the provider created the response; <see langword="null"/> when it did not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
