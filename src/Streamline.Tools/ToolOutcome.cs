using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What answers a call: the result of the tool, or the error that the model gets in its place.</summary>
internal sealed record ToolOutcome(JsonElement Result)
{
    public bool IsError { get; init; }

    /// <summary>The result as contents, such as images, where the tool gave such: the form that request writers take; <see cref="Result"/> is their JSON.</summary>
    public IReadOnlyList<AIContent>? Contents { get; init; }

    public TimeSpan Duration { get; init; }

    public static ToolOutcome Error(string text) => new(ToolJson.FromString(text)) { IsError = true };
}
