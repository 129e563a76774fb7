using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>What waits in line: an event, or text of one block.</summary>
/// <param name="streamEvent">The event; of text, its first delta.</param>
/// <param name="isText">Whether it is text.</param>
internal sealed class SmoothingItem(StreamEvent streamEvent, bool isText = false)
{
    private readonly List<char> _chars = [];
    private int _shown;

    public StreamEvent Event { get; } = streamEvent;

    public bool IsText { get; } = isText;

    public bool IsEmpty => _shown == _chars.Count;

    /// <summary>Gets the text that was not shown yet. It is valid until the item changes.</summary>
    public ReadOnlySpan<char> Waiting => CollectionsMarshal.AsSpan(_chars)[_shown..];

    /// <summary>Tells whether a delta is more text of the same block.</summary>
    public bool IsContinuedBy(StreamEvent delta) => IsText && DeltaText.AreOfOneBlock(Event, delta);

    public void Append(string text)
    {
        if (_shown > _chars.Count / 2)
        {
            _chars.RemoveRange(0, _shown);
            _shown = 0;
        }

        _chars.AddRange(text);
    }

    /// <summary>Takes the first characters as a delta.</summary>
    public StreamEvent Cut(int length)
    {
        var text = Waiting[..length].ToString();
        _shown += length;
        return DeltaText.With(Event, text);
    }
}
