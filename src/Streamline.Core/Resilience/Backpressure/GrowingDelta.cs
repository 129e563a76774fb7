using System.Text;

namespace Streamline.Resilience;

/// <summary>An event in the buffer. Until it is taken, it takes in further deltas of its block: it stands for all of them, in order and without loss.</summary>
internal sealed class GrowingDelta(StreamEvent first)
{
    private readonly Lock _lock = new();
    private StreamEvent _latest = first;
    private StringBuilder? _text;
    private bool _isTaken;

    public bool TryMerge(StreamEvent delta)
    {
        lock (_lock)
        {
            if (_isTaken || !DeltaText.AreOfOneBlock(_latest, delta))
            {
                return false;
            }

            _text = (_text ?? new StringBuilder(DeltaText.Of(_latest))).Append(DeltaText.Of(delta));
            _latest = delta;
            return true;
        }
    }

    /// <summary>Gives the latest delta with the text of all. Its view of a tool's input includes that of the earlier ones.</summary>
    public StreamEvent Take()
    {
        lock (_lock)
        {
            _isTaken = true;
            return _text is null ? _latest : DeltaText.With(_latest, _text.ToString());
        }
    }
}
