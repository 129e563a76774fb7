using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Streamline.Resilience;

/// <summary>
/// Turns the events of a response that continues another one into events that follow what was shown of it. Before the seam is found, all of them are held; then
/// <see cref="StreamResumed"/> comes first.
/// </summary>
/// <remarks>A pure state machine: events in, events out.</remarks>
/// <param name="answer">What was shown.</param>
/// <param name="priorUsage">The counts that were reported before.</param>
/// <param name="joint">Finds where the text follows; <see langword="null"/> when it follows at once, in blocks of its own.</param>
/// <param name="allowsUnsure">Whether a seam of low confidence is shown.</param>
/// <param name="announce">Makes the announcement of the seam.</param>
internal sealed class ContinuedResponse(
    CutAnswer answer, TokenUsage? priorUsage, IJointFinder? joint, bool allowsUnsure, Func<ContinuedResponse.Seam, StreamResumed> announce)
{
    private readonly Queue<StreamEvent> _output = new();
    private readonly HeldContinuation _held = new();
    private readonly ContinuedBlocks _blocks = new(answer);
    private ResponseStarted? _response;
    private ContentStarted? _textStarted;
    private int? _text; // the block of text whose place is looked for
    private bool _isOther; // another response has begun, which continues nothing

    /// <summary>Gets a value indicating whether the seam has been found.</summary>
    public bool IsJoined { get; private set; }

    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent) => _output.TryDequeue(out streamEvent);

    /// <summary>Takes the next event of the response that continues.</summary>
    /// <exception cref="UnsureSeamException">The place of the seam is not certain enough.</exception>
    /// <exception cref="StreamInterruptedException">A client inside of this one discarded what had been shown of the continuation.</exception>
    public void Add(StreamEvent streamEvent)
    {
        if (_isOther || streamEvent.IsNotice)
        {
            _output.Enqueue(streamEvent);
        }
        else if (IsJoined)
        {
            AddRest(streamEvent);
        }
        else
        {
            AddBefore(streamEvent);
        }
    }

    /// <summary>Notes that no event follows.</summary>
    /// <exception cref="UnsureSeamException">The place of the seam is not certain enough.</exception>
    public void End()
    {
        if (!IsJoined && !_isOther)
        {
            Search("", isLast: true);
        }
    }

    private void AddBefore(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted started when _response is null:
                _response = started;
                break;
            case StreamRestarted:
                Reset();
                break;
            case StreamResumed:
                break;
            case UsageUpdated updated:
                _held.Add(new UsageUpdated { Usage = TokenUsageSum.Of(priorUsage, updated.Usage)! });
                break;
            case ContentStarted { Kind: ContentKind.Text } started when joint is not null && _text is null:
                (_text, _textStarted) = (started.Index, started);
                break;
            case TextDelta delta when joint is not null && (_text ?? delta.Index) == delta.Index:
                _text = delta.Index;
                Search(delta.Text, isLast: false);
                break;
            case ContentCompleted completed when completed.Index == _text:
                Search("", isLast: true);
                AddRest(streamEvent);
                break;
            case ContentStarted { Kind: ContentKind.Reasoning or ContentKind.RedactedReasoning } or ReasoningDelta or ContentCompleted or ProviderMetadata or ProviderEvent when joint is not null:
                _held.Add(streamEvent);
                break;
            case ProviderMetadata { Index: null } or ProviderEvent:
                _held.Add(streamEvent);
                break;
            default:
                Search("", isLast: true);
                AddRest(streamEvent);
                break;
        }
    }

    private void Search(string piece, bool isLast)
    {
        var found = joint is null ? new Joint("", SeamConfidence.Exact) : joint.Add(piece, isLast);
        if (found is not { } place)
        {
            return;
        }

        if (place.Confidence == SeamConfidence.Low && !allowsUnsure)
        {
            throw new UnsureSeamException();
        }

        IsJoined = true;
        _output.Enqueue(announce(new Seam(place, _response)));
        if (_text is { } index && answer.TextBlock is not null)
        {
            _blocks.Join(index);
        }

        CloseOthers();
        foreach (var held in _held.Take(hasText: _text is not null))
        {
            _output.Enqueue(_blocks.Place(held));
        }

        if (_textStarted is { } started && _blocks.Joined is null)
        {
            _output.Enqueue(_blocks.Place(started));
        }

        if (place.Overlap + place.Preface + place.Separator.Length > 0)
        {
            _blocks.NoteChanged(_text!.Value);
        }

        if (place.Separator.Length + place.Rest.Length > 0)
        {
            _output.Enqueue(_blocks.Place(new TextDelta { Index = _text!.Value, Text = place.Separator + place.Rest }));
        }
    }

    // What the cut left open, and nobody will end: reasoning without its signature, and a text that is not written on.
    private void CloseOthers()
    {
        foreach (var (index, kind) in answer.OtherOpenBlocks)
        {
            _output.Enqueue(new ContentCompleted { Index = index, Kind = kind });
        }

        if (_blocks.Joined is null && answer.TextBlock is { } open)
        {
            _output.Enqueue(new ContentCompleted { Index = open, Kind = ContentKind.Text });
        }
    }

    private void AddRest(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                _isOther = true;
                _output.Enqueue(streamEvent);
                break;
            case StreamRestarted restarted:
                throw new StreamInterruptedException($"The continuation of the response was restarted ({restarted.Reason}), though a part of it had been shown", bytesReceived: null);
            case UsageUpdated updated:
                _output.Enqueue(new UsageUpdated { Usage = TokenUsageSum.Of(priorUsage, updated.Usage)! });
                break;
            case ResponseCompleted completed:
                _output.Enqueue(new ResponseCompleted
                {
                    FinishReason = completed.FinishReason,
                    RawFinishReason = completed.RawFinishReason,
                    StopSequence = completed.StopSequence,
                    Usage = completed.Usage is null ? null : TokenUsageSum.Of(priorUsage, completed.Usage),
                });
                break;
            case ContentStarted started when _blocks.IsJoined(started.Index):
                break;
            default:
                _output.Enqueue(_blocks.Place(streamEvent));
                break;
        }
    }

    private void Reset()
    {
        _held.Clear();
        joint?.Reset();
        (_response, _text, _textStarted) = (null, null, null);
    }

    /// <summary>A seam that was found.</summary>
    /// <param name="Joint">Where the text follows.</param>
    /// <param name="Response">The beginning of the response that continues; <see langword="null"/> when it had none.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Seam(Joint Joint, ResponseStarted? Response);
}
