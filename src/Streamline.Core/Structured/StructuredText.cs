using System.Text;
using Streamline.Json;

namespace Streamline;

/// <summary>Collects the JSON text of a structured answer from events, and says at the end what is wrong with the answer as a whole.</summary>
internal sealed class StructuredText(string? toolName, PartialJsonOptions? options)
{
    private const int MaxRefusalChars = 16 * 1024;

    private readonly HashSet<int> _blocksOfOtherChoices = [];
    private readonly StringBuilder _refusal = new();
    private string? _callId;
    private ResponseCompleted? _completed;

    /// <summary>The document so far. Another one after every beginning.</summary>
    public PartialJsonDocument Document { get; private set; } = new(options);

    /// <summary>How often the answer has begun again after a part of it was there.</summary>
    public int Restarts { get; private set; }

    /// <summary>Takes the next event.</summary>
    /// <returns>Whether more of the text has arrived.</returns>
    public bool Apply(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta delta when toolName is null && (_blocksOfOtherChoices.Count == 0 || !_blocksOfOtherChoices.Contains(delta.Index)):
                return Append(delta.Text);
            case ToolInputDelta delta when delta.CallId == _callId:
                return Append(delta.Fragment);
            case ToolCallStarted { Choice: 0, IsProviderExecuted: false } started when started.Name == toolName:
                _callId ??= started.CallId;
                return false;
            case ContentStarted { Choice: not 0 } started:
                _blocksOfOtherChoices.Add(started.Index);
                return false;
            case RefusalDelta delta when _refusal.Length < MaxRefusalChars:
                _refusal.Append(delta.Text);
                return false;
            case ResponseCompleted completed:
                _completed = completed;
                return false;
            case ResponseStarted or StreamRestarted:
                // Of a tool loop, the last response is the answer.
                Restart();
                return false;
            default:
                return false;
        }
    }

    /// <summary>Declares the end of the events.</summary>
    /// <returns>What is wrong with the answer; <see langword="null"/> when it is a whole JSON value.</returns>
    /// <exception cref="StreamInterruptedException">The response has not ended.</exception>
    public StructuredOutputException? End(Func<object?> partialValue)
    {
        var isWhole = Document.TryComplete() && Document.IsComplete;
        return _completed switch
        {
            null => throw new StreamInterruptedException("The stream ended before the response did", bytesReceived: -1),
            { Outcome: StreamOutcome.Refused } => Refused(partialValue()),
            _ when _refusal.Length > 0 && !isWhole => Refused(partialValue()),
            _ when isWhole => null,
            { Outcome: StreamOutcome.Truncated } => new StructuredOutputException(
                StructuredOutputError.Truncated, "A limit cut the answer before its JSON value was whole")
            { PartialValue = partialValue() },
            _ => new StructuredOutputException(
                StructuredOutputError.InvalidJson, Describe(), path: null, Document.Error)
            { PartialValue = partialValue() },
        };
    }

    private StructuredOutputException Refused(object? partialValue) => new(StructuredOutputError.Refused, "The model declined to give the answer")
    {
        PartialValue = partialValue,
        Refusal = _refusal.Length == 0 ? null : _refusal.ToString(),
    };

    private string Describe() => Document switch
    {
        { Error: not null } => "The answer is not JSON",
        { BytesReceived: 0 } when toolName is not null => $"The model did not call the tool '{toolName}', of which the arguments would be the answer",
        { BytesReceived: 0 } => "The answer is empty, expected a JSON value",
        _ => "The answer ended before its JSON value was whole",
    };

    private bool Append(string text)
    {
        // What is wrong is told at the end: the provider's own reason for an end goes first.
        Document.TryAppend(text);
        return true;
    }

    private void Restart()
    {
        if (Document.BytesReceived > 0)
        {
            Document = new PartialJsonDocument(options);
            Restarts++;
        }

        _blocksOfOtherChoices.Clear();
        _refusal.Clear();
        _callId = null;
        _completed = null;
    }
}
