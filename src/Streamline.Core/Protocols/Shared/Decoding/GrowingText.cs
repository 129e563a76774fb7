namespace Streamline.Protocols.Shared;

/// <summary>A block that grows by the bodies of JSON strings: text, reasoning, a refusal, or the arguments of a tool call.</summary>
internal abstract class GrowingText
{
    private JsonStringDecoder _decoder;

    /// <summary>Appends the next piece and emits what is to be seen of it.</summary>
    /// <param name="body">The bytes between the quotes.</param>
    /// <param name="isEscaped">Whether there is a backslash in them.</param>
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

    /// <summary>Ends the text: half a surrogate pair waits no longer for its other half.</summary>
    protected void EndText() => Add(_decoder.Complete());

    /// <summary>Gets a value indicating whether half a surrogate pair in the text was replaced.</summary>
    protected bool HasReplacedHalves => _decoder.HasReplacedHalves;

    protected abstract void Show(string text);

    private void Add(string text)
    {
        if (text.Length > 0)
        {
            Show(text);
        }
    }
}
