using System.Text.Json.Serialization;

namespace Streamline.Resilience;

/// <summary>How certain it is that nothing is missing or repeated where a response was continued; see <see cref="StreamResumed"/>.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SeamConfidence>))]
public enum SeamConfidence
{
    /// <summary>Nothing shows where the new text belongs, or more than one place is possible: words may be missing or repeated.</summary>
    Low,

    /// <summary>The model repeated enough of what it had written to find the place.</summary>
    High,

    /// <summary>The protocol itself continues at the exact character.</summary>
    Exact,
}
