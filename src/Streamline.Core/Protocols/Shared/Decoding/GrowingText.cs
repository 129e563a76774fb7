namespace Streamline.Protocols.Shared;

/// <summary>A block that grows by the texts of JSON strings: text, reasoning, a refusal, or the arguments of a tool call.</summary>
internal abstract class GrowingText
{
    private JsonStringDecoder _decoder;

    /// <summary>Gets a value indicating whether the block still grows. What would grow it after its end belongs to another block.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Gets a value indicating whether half a surrogate pair in the text was replaced.</summary>
    protected bool HasReplacedHalves => _decoder.HasReplacedHalves;

    /// <summary>Appends the next piece and emits what is to be seen of it.</summary>
    /// <param name="body">The bytes between the quotes.</param>
    /// <param name="isEscaped">Whether they contain a backslash.</param>
    /// <returns><see langword="false"/> when an escape is not one of JSON's; nothing is appended then.</returns>
    public bool TryAppend(ReadOnlySpan<byte> body, bool isEscaped)
    {
        if (!_decoder.TryDecode(body, isEscaped, out var text))
        {
            return false;
        }

        Add(text);
        return true;
    }

    /// <summary>Ends the text: half a surrogate pair no longer waits for its other half.</summary>
    protected void EndText()
    {
        Add(_decoder.Complete());
        IsOpen = false;
    }

    protected abstract void Show(string text);

    private void Add(string text)
    {
        if (text.Length > 0)
        {
            Show(text);
        }
    }
}
