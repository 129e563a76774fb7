using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>What was decided about a tool call that needs approval.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ApprovalDecision>))]
public enum ApprovalDecision
{
    /// <summary>The tool may run.</summary>
    Approved,

    /// <summary>The tool must not run. No answer in time counts as this.</summary>
    Denied,

    /// <summary>The answer comes in a later request.</summary>
    Deferred,
}
