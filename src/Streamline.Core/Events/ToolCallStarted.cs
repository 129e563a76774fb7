using System.Text.Json;

namespace Streamline;

/// <summary>The model began to call a tool. Its arguments follow.</summary>
public sealed class ToolCallStarted : StreamEvent
{
    /// <summary>Gets the index of the block within the response, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the id of the call, which its result must repeat.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a value indicating whether the provider runs the tool itself; such a call is shown and never run here.</summary>
    public bool IsProviderExecuted { get; init; }

    /// <summary>Gets the provider's own data about the call that must go back with it, unchanged; <see langword="null"/> when there is none.</summary>
    public JsonElement? ProviderData { get => RawProviderData?.Element; init => RawProviderData = RawJson.Of(value); }

    /// <summary>Gets the index of the answer that the call belongs to, where a request asked for several.</summary>
    /// <value>The default is 0.</value>
    public int Choice { get; init; }

    internal RawJson? RawProviderData { get; init; }

    internal override bool CommitsResponse => true;
}
