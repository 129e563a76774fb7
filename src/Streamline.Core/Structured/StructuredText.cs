using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Collects the JSON text of a structured answer from events, and says at the end what is wrong with the answer as a whole.</summary>
/// <param name="toolName">The tool whose arguments are the answer; <see langword="null"/> when the text is the answer.</param>
/// <param name="options">How the text is read.</param>
/// <param name="needsEnd">Whether the events must have the end of the response.</param>
internal sealed class StructuredText(string? toolName, PartialJsonOptions options, bool needsEnd)
{
    private const int MaxRefusalChars = 16 * 1024;

    private readonly HashSet<int> _blocksOfOtherChoices = [];
    private readonly StringBuilder _refusal = new();
    private string? _callId;
    private bool _isContradicted; // by the end of the call
    private TextLog _rawText = new(options.MaxBytes);
    private TextLog _reasoning = new(options.MaxBytes);
    private StructuredResponseFacts _facts = new();
    private TokenUsage? _earlierUsage; // of the responses before this one
    private TokenUsage? _usage;

    /// <summary>The document so far. Another one after every restart.</summary>
    public PartialJsonDocument Document { get; private set; } = new(options);

    /// <summary>How often the answer has started over after a part of it was there.</summary>
    public int Restarts { get; private set; }

    /// <summary>What is known of the response so far.</summary>
    public StructuredResponseMark Mark => new(_facts, _rawText, _reasoning);

    /// <summary>Takes the next event.</summary>
    /// <returns>Whether more of the text has arrived.</returns>
    public bool Apply(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta delta when IsOfAnswer(delta.Index):
                return AppendText(delta.Text);
            case ToolInputDelta delta when delta.CallId == _callId:
                return Append(delta.Fragment);
            case ToolCallCompleted { IsProviderExecuted: false } completed when completed.CallId == _callId || (_callId is null && toolName is not null && completed.Name == toolName):
                return EndCall(completed);
            case ReasoningDelta delta when IsOfAnswer(delta.Index):
                _reasoning.Append(delta.Text);
                return false;
            case ToolCallStarted { Choice: 0, IsProviderExecuted: false } started when started.Name == toolName && _callId is null:
                _callId = started.CallId;
                _rawText = new TextLog(options.MaxBytes); // the text before the call is not the answer
                return false;
            case ContentStarted { Choice: not 0 } started:
                _blocksOfOtherChoices.Add(started.Index);
                return false;
            case RefusalDelta delta when _refusal.Length < MaxRefusalChars:
                _refusal.Append(delta.Text);
                return false;
            default:
                ApplyResponse(streamEvent);
                return false;
        }
    }

    /// <summary>Declares the end of the events.</summary>
    /// <returns>What is wrong with the answer; <see langword="null"/> when it is a whole JSON value.</returns>
    /// <exception cref="StreamInterruptedException">The response has not ended.</exception>
    public StructuredOutputException? End(Func<object?> partialValue)
    {
        var isWhole = Document.TryComplete() && Document.IsComplete;
        if (Document.RootElement.ValueKind == JsonValueKind.Number && _facts.Completed is { Outcome: StreamOutcome.Truncated })
        {
            isWhole = false; // more digits may be missing
        }

        return _facts.Completed switch
        {
            null when needsEnd => throw new StreamInterruptedException("The stream ended before the response did", bytesReceived: null),
            { Outcome: StreamOutcome.Refused } => Refused(),
            _ when _refusal.Length > 0 && !isWhole => Refused(),
            _ when _isContradicted => Fault(StructuredOutputError.InvalidJson, "The end of the call contradicts the arguments before it", cause: null),
            _ when isWhole => null,
            { Outcome: StreamOutcome.Truncated } => Fault(StructuredOutputError.Truncated, "A limit cut the answer before its JSON value was whole", Document.Error),
            _ => Fault(StructuredOutputError.InvalidJson, Describe(), Document.Error),
        };

        StructuredOutputException Refused() => Fault(StructuredOutputError.Refused, "The model declined to give the answer", cause: null);

        StructuredOutputException Fault(StructuredOutputError error, string message, Exception? cause) => new(error, message, path: null, cause)
        {
            PartialValue = partialValue(),
            Refusal = error == StructuredOutputError.Refused && _refusal.Length > 0 ? _refusal.ToString() : null,
            Response = Mark.ToResponse(),
        };
    }

    private bool IsOfAnswer(int index) => _blocksOfOtherChoices.Count == 0 || !_blocksOfOtherChoices.Contains(index);

    private void ApplyResponse(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case UsageUpdated updated:
                Count(updated.Usage);
                break;
            case ResponseCompleted completed:
                Count(completed.Usage ?? _usage);
                _facts = _facts with { Completed = completed };
                break;
            case ResponseStarted started:
                // Of a tool loop, the last response is the answer.
                _earlierUsage = UsageSum.Of(_earlierUsage, _usage);
                Restart(started);
                break;
            case StreamRestarted:
                Restart(started: null);
                break;
            default:
                break;
        }
    }

    private void Count(TokenUsage? usage)
    {
        _usage = usage;
        _facts = _facts with { Usage = UsageSum.Of(_earlierUsage, usage) };
    }

    private string Describe() => Document switch
    {
        { RootElement.ValueKind: JsonValueKind.Undefined } when Prose() is { } prose => $"The answer is text, expected JSON; it begins with \"{prose}\"",
        { Error: { } error and not StreamProtocolException { Error: StreamProtocolError.TruncatedJson } } => $"The answer is not JSON. {error.Message.TrimEnd('.')}",
        { BytesReceived: 0 } when toolName is not null => $"The model did not call the tool '{toolName}', whose arguments would be the answer",
        { BytesReceived: 0 } => "The answer is empty, expected a JSON value",
        _ => "The answer ends before its JSON value is whole",
    };

    /// <summary>The beginning of an answer that does not even look like JSON; <see langword="null"/> for one that does.</summary>
    private string? Prose()
    {
        var text = AnswerExcerpt.Of(_rawText.Read(_rawText.Length));
        return text is [var first, ..] && char.IsLetter(first) ? text : null;
    }

    private bool AppendText(string text)
    {
        if (toolName is null)
        {
            return Append(text);
        }

        if (_callId is null)
        {
            _rawText.Append(text);
        }

        return false;
    }

    private bool Append(string text)
    {
        // What is wrong is told at the end: the provider's own reason for an end goes first.
        Document.TryAppend(text);
        _rawText.Append(text);
        return true;
    }

    // What the end of the call says counts where the pieces are missing or cut. Where both can be read and differ, neither counts.
    private bool EndCall(ToolCallCompleted completed)
    {
        _callId ??= completed.CallId;
        var received = _rawText.Read(_rawText.Length);
        if (Document.BytesReceived == 0)
        {
            _rawText = new TextLog(options.MaxBytes);
            return completed.ArgumentsText.Length > 0 && Append(completed.ArgumentsText);
        }

        if (completed.ArgumentsText == received || Document.Error is StreamLimitException)
        {
            return false;
        }

        _isContradicted = completed.ParseError is not null;
        if (_isContradicted)
        {
            return false;
        }

        if (completed.ArgumentsText.StartsWith(received, StringComparison.Ordinal))
        {
            return Append(completed.ArgumentsText[received.Length..]);
        }

        Discard();
        _rawText = new TextLog(options.MaxBytes);
        return Append(completed.ArgumentsText);
    }

    private void Discard()
    {
        Document = new PartialJsonDocument(options);
        Restarts++;
    }

    private void Restart(ResponseStarted? started)
    {
        if (Document.BytesReceived > 0)
        {
            Discard();
        }

        _isContradicted = false;
        (_rawText, _reasoning) = (new TextLog(options.MaxBytes), new TextLog(options.MaxBytes));
        _blocksOfOtherChoices.Clear();
        _refusal.Clear();
        _callId = null;
        _usage = null;
        _facts = new StructuredResponseFacts(started, Usage: _earlierUsage);
    }
}
