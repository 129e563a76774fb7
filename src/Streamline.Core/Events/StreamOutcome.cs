using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>How complete an answer is that ended properly.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<StreamOutcome>))]
public enum StreamOutcome
{
    /// <summary>The model finished its answer.</summary>
    Complete,

    /// <summary>A limit cut the answer; its last tool call may be unfinished.</summary>
    Truncated,

    /// <summary>The answer was declined or filtered.</summary>
    Refused,
}
