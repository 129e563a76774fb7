using Streamline.Text;

namespace Streamline.Resilience;

/// <summary>Gives the blocks of a continuation their places in the response that is continued.</summary>
/// <param name="answer">What was shown.</param>
internal sealed class ContinuedBlocks(CutAnswer answer)
{
    private readonly Dictionary<int, int> _places = [];
    private int _next = answer.NextIndex;
    private int? _changed;

    /// <summary>Gets the block of the response that is written on; <see langword="null"/> when none is.</summary>
    public int? Joined { get; private set; }

    /// <summary>Notes that a block of the continuation writes on the open one of the response.</summary>
    public void Join(int index) => _places[index] = (Joined = answer.TextBlock)!.Value;

    /// <summary>Notes that the text of a block of the continuation is not what the provider sent.</summary>
    public void NoteChanged(int index) => _changed = index;

    /// <summary>Tells whether a block of the continuation writes on one of the response.</summary>
    public bool IsJoined(int index) => Joined is { } joined && _places.TryGetValue(index, out var place) && place == joined;

    /// <summary>Gets an event of the continuation as one of the response.</summary>
    public StreamEvent Place(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta e => new TextDelta { Index = At(e.Index), Text = e.Text },
        ReasoningDelta e => new ReasoningDelta { Index = At(e.Index), Text = e.Text },
        RefusalDelta e => new RefusalDelta { Index = At(e.Index), Text = e.Text },
        CitationAdded e => new CitationAdded(At(e.Index), e.RawCitation),
        ContentStarted e => new ContentStarted { Index = At(e.Index), Kind = e.Kind, Choice = e.Choice, RawProviderData = e.RawProviderData },
        ContentCompleted e => Complete(e),
        ToolCallStarted e => new ToolCallStarted { Index = At(e.Index), CallId = e.CallId, Name = e.Name, IsProviderExecuted = e.IsProviderExecuted, RawProviderData = e.RawProviderData, Choice = e.Choice },
        ToolInputDelta e => new ToolInputDelta { Index = At(e.Index), CallId = e.CallId, Fragment = e.Fragment, Input = e.Input },
        ToolCallCompleted e => new ToolCallCompleted
        {
            Index = At(e.Index),
            CallId = e.CallId,
            Name = e.Name,
            ArgumentsText = e.ArgumentsText,
            Arguments = e.Arguments,
            ParseError = e.ParseError,
            IsProviderExecuted = e.IsProviderExecuted,
            RawProviderData = e.RawProviderData,
        },
        ProviderMetadata { Index: { } index } e => new ProviderMetadata(e.Name, e.RawValue, At(index)),
        TextFinding e => new TextFinding { Name = e.Name, Index = At(e.Index), Start = e.Start, Length = e.Length, Result = e.Result, Error = e.Error },
        _ => streamEvent,
    };

    // The provider's own form of a text that is continued holds only the rest of it, and what was repeated.
    private ContentCompleted Complete(ContentCompleted e) => IsJoined(e.Index) || e.Index == _changed
        ? new ContentCompleted { Index = At(e.Index), Kind = e.Kind }
        : new ContentCompleted { Index = At(e.Index), Kind = e.Kind, Signature = e.Signature, RawBlock = e.RawBlock };

    private int At(int index)
    {
        if (!_places.TryGetValue(index, out var place))
        {
            _places.Add(index, place = _next++);
        }

        return place;
    }
}
