namespace Streamline.Protocols.OpenAIChat;

/// <summary>A block that is being written.</summary>
/// <param name="Choice">The choice that it belongs to.</param>
/// <param name="Kind">What it holds; <see langword="null"/> for a tool call.</param>
/// <param name="CallIndex">The index of a tool call among those of its choice.</param>
/// <param name="IsCustom">Whether the call is one of a free-form tool.</param>
internal sealed record OpenAIChatEncodedBlock(int Choice, ContentKind? Kind, int CallIndex = 0, bool IsCustom = false)
{
    /// <summary>Gets or sets a value indicating whether a piece of a call's arguments was written.</summary>
    public bool HasArguments { get; set; }
}
