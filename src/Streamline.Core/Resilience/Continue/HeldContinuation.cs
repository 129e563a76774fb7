using System.Text;

namespace Streamline.Resilience;

/// <summary>What a continuation brings before its seam is found. Reasoning is put together, so that little is held of it.</summary>
/// <remarks>Bounded: past the limit, the text of reasoning is left out; it is the reasoning about how to continue, and not a part of the answer.</remarks>
internal sealed class HeldContinuation
{
    private const int MaxReasoning = 1024 * 1024;
    private const int MaxEvents = 1024;

    private readonly List<StreamEvent> _events = [];
    private readonly StringBuilder _reasoning = new();
    private int _reasoningIndex = -1;

    public void Add(StreamEvent streamEvent)
    {
        if (streamEvent is ReasoningDelta delta)
        {
            if (delta.Index != _reasoningIndex)
            {
                Flush();
                _reasoningIndex = delta.Index;
            }

            _reasoning.Append(_reasoning.Length < MaxReasoning ? delta.Text : "");
            return;
        }

        Flush();
        if (_events.Count < MaxEvents || streamEvent is ContentCompleted)
        {
            _events.Add(streamEvent);
        }
    }

    /// <summary>Gives the events, and forgets them.</summary>
    /// <param name="hasText">Whether text follows that continues what was shown. Then reasoning before it cannot go back to the provider, which would not find what it belongs to.</param>
    public IEnumerable<StreamEvent> Take(bool hasText)
    {
        Flush();
        StreamEvent[] events = [.. _events];
        _events.Clear();
        return !hasText ? events : events.Select(streamEvent => streamEvent switch
        {
            ContentStarted { Kind: ContentKind.Reasoning or ContentKind.RedactedReasoning } started => new ContentStarted { Index = started.Index, Kind = started.Kind, Choice = started.Choice },
            ContentCompleted completed => new ContentCompleted { Index = completed.Index, Kind = completed.Kind },
            _ => streamEvent,
        });
    }

    public void Clear()
    {
        _events.Clear();
        _reasoning.Clear();
        _reasoningIndex = -1;
    }

    private void Flush()
    {
        if (_reasoning.Length > 0)
        {
            _events.Add(new ReasoningDelta { Index = _reasoningIndex, Text = _reasoning.ToString() });
            _reasoning.Clear();
        }

        _reasoningIndex = -1;
    }
}
