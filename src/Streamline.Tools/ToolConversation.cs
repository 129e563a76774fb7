using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What the model is asked, round after round, and what has come of it so far: for the next request, and for the exception that ends the stream.</summary>
internal sealed class ToolConversation(StreamRequest request)
{
    private readonly int _given = request.Messages.Count;
    private readonly UsageDetails _finishedUsage = new();
    private StreamState _round = new();
    private bool _hasUsage;

    /// <summary>The request of the current round.</summary>
    public StreamRequest Request { get; private set; } = request;

    /// <summary>Moves on within the current round.</summary>
    public ValueTask<bool> MoveNextAsync(IAsyncEnumerator<StreamEvent> events)
    {
        // An event that is there already costs no state machine.
        var next = events.MoveNextAsync();
        return next.IsCompletedSuccessfully ? new ValueTask<bool>(Note(next.Result, events)) : AwaitAsync(next, events);
    }

    /// <summary>Attaches what has arrived in all rounds to the exception that ends the stream; a client further in knows of the current round only.</summary>
    public Exception Explain(Exception exception)
    {
        exception.SetPartialResponse(Arrived(exception.GetPartialResponse()));
        return exception;
    }

    /// <summary>Adds the answer of the current round and the results of its tools to the conversation.</summary>
    public void GoOn(ToolAnswers answers)
    {
        var answer = _round.ToChatResponse();
        answers.RestoreContents(answer.Messages);
        var next = Request.Options!;
        if (next.ToolMode is RequiredChatToolMode)
        {
            // A model that is forced to call a tool in every round would never come to an end.
            next = next.Clone();
            next.ToolMode = ChatToolMode.Auto;
        }

        Request = Request with { Messages = [.. Request.Messages, .. answer.Messages], Options = next };
        if (answer.Usage is { } usage)
        {
            _finishedUsage.Add(usage);
            _hasUsage = true;
        }

        _round = new StreamState();
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next, IAsyncEnumerator<StreamEvent> events)
    {
        bool moved;
        try
        {
            moved = await next.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Explain(exception);
            throw;
        }

        return Note(moved, events);
    }

    private bool Note(bool moved, IAsyncEnumerator<StreamEvent> events)
    {
        if (moved)
        {
            _round.Apply(events.Current);
        }

        return moved;
    }

    private ChatResponse? Arrived(ChatResponse? ofSource)
    {
        var shown = _round.ToChatResponse();
        if (ofSource is null && shown.Messages.Count == 0 && Request.Messages.Count == _given)
        {
            return null;
        }

        // More may have arrived than was shown, but only the events that were shown tell of results.
        var latest = ofSource ?? shown;
        var results = ofSource is null ? [] : shown.Messages.Where(message => message.Role == ChatRole.Tool);
        return new ChatResponse([.. Request.Messages.Skip(_given), .. latest.Messages, .. results])
        {
            ResponseId = latest.ResponseId,
            ModelId = latest.ModelId,
            FinishReason = latest.FinishReason,
            Usage = Total(latest.Usage),
            AdditionalProperties = latest.AdditionalProperties,
        };
    }

    private UsageDetails? Total(UsageDetails? latest)
    {
        if (!_hasUsage)
        {
            return latest;
        }

        var total = new UsageDetails();
        total.Add(_finishedUsage);
        if (latest is not null)
        {
            total.Add(latest);
        }

        return total;
    }
}
