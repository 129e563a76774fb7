namespace Streamline;

/// <summary>What a stream client says of itself; see <see cref="IStreamClient.GetService"/>.</summary>
public sealed record StreamClientMetadata
{
    /// <summary>Gets the name of the provider, such as <c>anthropic</c> or <c>groq</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the name of the wire, such as <c>openai</c> for Groq; <see langword="null"/> when it bears the name of the provider.</summary>
    public string? Wire { get; init; }

    /// <summary>Gets the model for requests that name none; <see langword="null"/> when each names its own.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Gets a value indicating whether the wire has a place for the JSON schema of the answer. Where it has none, a forced tool call does the same.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool SupportsResponseFormat { get; init; } = true;

    /// <summary>Gets how much the library keeps of each response, for the next request of a tool loop and for the partial response of an exception.</summary>
    /// <value>As <see cref="StreamState"/> counts it. The default is 2 Mi. Set by <c>StreamReadOptions.MaxRetainedChars</c>.</value>
    public long MaxRetainedChars { get; init; } = StreamState.DefaultMaxRetainedChars;
}
