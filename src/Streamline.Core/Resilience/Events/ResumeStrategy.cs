using System.Text.Json.Serialization;

namespace Streamline.Resilience;

/// <summary>How a response continued after it was cut; see <see cref="StreamResumed"/>.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ResumeStrategy>))]
public enum ResumeStrategy
{
    /// <summary>The provider kept the response and sent the rest of it. Nothing was generated again.</summary>
    ServerResume,

    /// <summary>The provider continued its turn after a pause, such as Anthropic's <c>pause_turn</c>.</summary>
    PausedTurn,

    /// <summary>The model was given what it had written as the beginning of its own message, and wrote on from there.</summary>
    Prefill,

    /// <summary>The model was asked to continue, and what it repeated was removed.</summary>
    Stitch,
}
