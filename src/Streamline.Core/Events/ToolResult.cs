using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>A tool call was answered: by the tool, or by an error that the model gets in its place. Once per call.</summary>
public sealed class ToolResult : StreamEvent
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the result as JSON, as the model gets it; the text of the error when <see cref="IsError"/> is set.</summary>
    public required JsonElement Result { get; init; }

    /// <summary>Gets a value indicating whether the call failed or was not run.</summary>
    public bool IsError { get; init; }

    /// <summary>Gets how long the tool ran; zero when it was not run.</summary>
    [JsonPropertyName("durationMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Duration { get; init; }

    internal override bool CommitsResponse => true;
}
