using System.Text.Json;

namespace Streamline.Tools;

/// <summary>One call of the current response, as far as it is known. Used by the reader of the stream only.</summary>
internal sealed class ToolCall(string callId, string name)
{
    public string CallId => callId;

    public string Name => name;

    public bool IsSealed { get; set; }

    /// <summary>The strictly parsed arguments of a sealed call that may be run.</summary>
    public JsonElement Arguments { get; set; }

    /// <summary>The run that answers the call; <see langword="null"/> while there is none.</summary>
    public ToolInvocation? Invocation { get; set; }

    /// <summary>Whether the consumer has the result, or will have it as one of the next events.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether the call is left to the caller.</summary>
    public bool IsCallers { get; set; }
}
