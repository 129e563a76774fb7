using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>How far an answer got that ended properly.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<StreamOutcome>))]
public enum StreamOutcome
{
    /// <summary>The model said what it wanted to say.</summary>
    Complete,

    /// <summary>A limit cut the answer; its last tool call may be unfinished.</summary>
    Truncated,

    /// <summary>The answer was declined or filtered.</summary>
    Refused,
}
