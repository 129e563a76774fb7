using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>What a tool call waits for before its tool can start.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ToolWaitReason>))]
public enum ToolWaitReason
{
    /// <summary>The end of the response: the tool may have effects, so it starts only after a proper end.</summary>
    Response,

    /// <summary>Its turn: as many tools are running as may run at once, or an exclusive tool is running or waiting.</summary>
    Turn,

    /// <summary>A resource that another call holds; see <see cref="ToolWaiting.Resource"/>.</summary>
    Resource,
}
