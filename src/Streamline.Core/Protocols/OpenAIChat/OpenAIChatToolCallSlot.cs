namespace Streamline.Protocols.OpenAIChat;

/// <summary>What is known of the identity of a tool call while its pieces arrive.</summary>
/// <param name="position">The position among the calls of its choice, from 0.</param>
internal sealed class OpenAIChatToolCallSlot(int position)
{
    public int Position { get; } = position;

    /// <summary>Gets or sets the index that the server gave; <see langword="null"/> when it gave none.</summary>
    public long? Index { get; set; }

    public string? Id { get; set; }

    public string? Name { get; set; }

    /// <summary>Gets or sets a value indicating whether a piece of the arguments has come.</summary>
    public bool HasArguments { get; set; }
}
