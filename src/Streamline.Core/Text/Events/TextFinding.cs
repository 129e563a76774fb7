using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>An analysis of the text found something in a part of it; see <c>UseTextAnalysis</c>. It is a report, not part of the response.</summary>
public sealed class TextFinding : StreamEvent
{
    /// <summary>Gets the name of the analysis.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets where the part that was analyzed starts within the text of the block.</summary>
    /// <value>In UTF-16 code units, from 0.</value>
    public required long Start { get; init; }

    /// <summary>Gets the length of the part.</summary>
    /// <value>In UTF-16 code units.</value>
    public required int Length { get; init; }

    /// <summary>Gets what was found; <see langword="null"/> when the analysis failed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Gets the name of the type of the exception with which the analysis failed; <see langword="null"/> when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the exception with which the analysis failed. It is not part of the JSON form.</summary>
    /// <value><see langword="null"/> when the analysis did not fail, and after the event was read from JSON.</value>
    [JsonIgnore]
    public Exception? Exception { get; init; }
}
