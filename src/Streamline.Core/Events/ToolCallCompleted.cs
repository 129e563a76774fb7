using System.Text.Json;

namespace Streamline;

/// <summary>
/// A tool call is complete: the protocol says that all of its arguments have arrived. Either <see cref="Arguments"/> holds the strictly
/// parsed object or <see cref="ParseError"/> says why there is none.
/// </summary>
public sealed class ToolCallCompleted : StreamEvent
{
    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the complete text of the arguments as the model wrote it.</summary>
    /// <value>
    /// It may be empty, which stands for an empty object. For a free-form tool (OpenAI's custom tools) it is the input, which is not JSON; <see cref="Arguments"/> then contains it as its only
    /// member, <c>input</c>.
    /// </value>
    public required string ArgumentsText { get; init; }

    /// <summary>Gets the arguments, always an object; <see langword="null"/> when the text is not one by RFC 8259.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Gets what is wrong with the text of the arguments and where; <see langword="null"/> when nothing is.</summary>
    public string? ParseError { get; init; }

    /// <summary>Gets a value indicating whether the provider runs the tool itself; such a call is shown and never run here.</summary>
    public bool IsProviderExecuted { get; init; }

    /// <summary>
    /// Gets the provider's own data about the call if more of it arrived after its beginning: all of it, instead of
    /// <see cref="ToolCallStarted.ProviderData"/>, to be sent back with the call; <see langword="null"/> if nothing more arrived.
    /// </summary>
    public JsonElement? ProviderData { get => RawProviderData?.Element; init => RawProviderData = RawJson.Of(value); }

    internal RawJson? RawProviderData { get; init; }

    internal override bool CommitsResponse => true;
}
