using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>Something that a request asks for.</summary>
/// <param name="Form">Its form, in the words of the table.</param>
/// <param name="Mark">What the body has when it is carried.</param>
internal sealed record RequestSample(string Form, string Mark)
{
    public string Claim { get; init; } = "✓";

    public ChatMessage Message { get; init; } = new(ChatRole.User, "q");

    public ChatOptions? Options { get; init; }

    public JsonObject? Extra { get; init; }

    /// <summary>Gets a value indicating whether it stands on a content that the wire carries without it, as a marker of another wire does.</summary>
    public bool MayBeLeftOut { get; init; }
}
