using System.Diagnostics.CodeAnalysis;

namespace Streamline;

/// <summary>Describes a stream client; see <see cref="IStreamClient.GetService"/>.</summary>
public sealed record StreamClientMetadata
{
    /// <summary>Gets the name of the provider, such as <c>anthropic</c> or <c>groq</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the name of the protocol, such as <c>openai</c> for Groq.</summary>
    /// <value>The default is <see cref="Provider"/>.</value>
    [AllowNull]
    public string Protocol
    {
        get => field ?? Provider;
        init;
    }

    /// <summary>Gets the model for requests that name none; <see langword="null"/> when each names its own.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Gets a value indicating whether the protocol can send a JSON schema for the answer. If not, structured output uses a forced tool call.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool SupportsResponseFormat { get; init; } = true;

    /// <summary>Gets a value indicating whether the JSON schema for the answer may be open (a dictionary, any JSON) or recursive. If not, structured output uses a forced tool call for such types.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool SupportsOpenSchemas { get; init; } = true;

    /// <summary>Gets how much the library keeps of each response, for the next request of a tool loop and for the partial response of an exception.</summary>
    /// <value>As <see cref="StreamState"/> counts it. The default is 2 Mi. Set by <c>StreamReadOptions.MaxRetainedChars</c>.</value>
    public long MaxRetainedChars { get; init; } = StreamState.DefaultMaxRetainedChars;

    /// <inheritdoc/>
    public bool Equals(StreamClientMetadata? other) =>
        other is not null
        && (Provider, Protocol, DefaultModel, SupportsResponseFormat, SupportsOpenSchemas, MaxRetainedChars)
            == (other.Provider, other.Protocol, other.DefaultModel, other.SupportsResponseFormat, other.SupportsOpenSchemas, other.MaxRetainedChars);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Provider, Protocol, DefaultModel, SupportsResponseFormat, SupportsOpenSchemas, MaxRetainedChars);
}
