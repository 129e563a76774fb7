using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Streamline.Chaos.Conversations;

/// <summary>Reads a conversation as its plan says: at once or slowly, as events or as chat updates, to the end or not.</summary>
internal sealed class ConversationConsumer(ConversationPlan plan) : IDisposable
{
    private readonly Random _answers = new(plan.ToolSeed);
    private readonly CancellationTokenSource _ofCall = new();
    private readonly CancellationTokenSource _ofEnumeration = new();
    private readonly ConcurrentDictionary<string, bool> _unanswered = new(StringComparer.Ordinal);
    private Task _cancelling = Task.CompletedTask;

    /// <summary>Gets the events that were read; with updates, those that they were made of.</summary>
    public List<StreamEvent> Seen { get; } = [];

    /// <summary>Gets the updates that were read, if the consumer reads updates.</summary>
    public List<ChatResponseUpdate> Updates { get; } = [];

    /// <summary>Gets the calls whose approval was put off.</summary>
    public HashSet<string> Deferred { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what ended the stream; <see langword="null"/> for its own end, or a consumer that stopped reading.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the consumer stopped reading.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Gets a value indicating whether a question to the consumer stays without an answer.</summary>
    public bool IsWaitingForAnswer => !_unanswered.IsEmpty;

    /// <summary>Gets the token that the consumer cancels.</summary>
    public CancellationToken Cancelled => (plan.CancelsCall ? _ofCall : _ofEnumeration).Token;

    public async Task ReadAsync(IStreamClient client)
    {
        var ofCall = plan.CancelsCall || plan.HasBothTokens ? _ofCall.Token : default;
        var ofEnumeration = !plan.CancelsCall || plan.HasBothTokens ? _ofEnumeration.Token : default;
        var request = new StreamRequest { Messages = [new(ChatRole.User, "go")], Options = new ChatOptions { AllowBackgroundResponses = plan.Target.KeepsResponses ? true : null } };
        try
        {
            await (plan.Reader switch
            {
                ChaosReader.Events => ReadByHandAsync(client.StreamAsync(request, ofCall), ofEnumeration),
                ChaosReader.EventsInALoop => ReadInALoopAsync(client.StreamAsync(request, ofCall), ofEnumeration),
                _ => ReadUpdatesAsync(client.AsChatClient().GetStreamingResponseAsync(request.Messages, request.Options, ofCall), ofEnumeration),
            });
        }
        catch (ConsumerException)
        {
            HasLeft = true;
        }
        catch (Exception exception)
        {
            Failure = exception;
        }

        await _cancelling;
    }

    public void Dispose()
    {
        _ofCall.Dispose();
        _ofEnumeration.Dispose();
    }

    private async Task ReadByHandAsync(IAsyncEnumerable<StreamEvent> stream, CancellationToken cancellationToken)
    {
        await using var events = stream.GetAsyncEnumerator(cancellationToken);
        while (await events.MoveNextAsync())
        {
            if (!await TakeAsync(events.Current))
            {
                return;
            }
        }

        if (await events.MoveNextAsync())
        {
            throw new InvalidOperationException($"An event came after the end of the stream: {events.Current}.");
        }
    }

    private async Task ReadInALoopAsync(IAsyncEnumerable<StreamEvent> stream, CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in stream.WithCancellation(cancellationToken))
        {
            if (!await TakeAsync(streamEvent))
            {
                break;
            }
        }
    }

    private async Task ReadUpdatesAsync(IAsyncEnumerable<ChatResponseUpdate> stream, CancellationToken cancellationToken)
    {
        await foreach (var update in stream.WithCancellation(cancellationToken))
        {
            Updates.Add(update);

            // An event may be told in several updates.
            if (update.RawRepresentation is StreamEvent streamEvent && (Seen.Count == 0 || Seen[^1] != streamEvent) && !await TakeAsync(streamEvent))
            {
                break;
            }
        }
    }

    private async ValueTask<bool> TakeAsync(StreamEvent streamEvent)
    {
        Seen.Add(streamEvent);
        switch (streamEvent)
        {
            case ApprovalRequested request:
                Answer(request);
                break;
            case ToolResult result:
                _unanswered.TryRemove(result.CallId, out _);
                break;
            default:
                break;
        }

        for (var i = 0; i < plan.Pauses; i++)
        {
            await Task.Yield();
        }

        if (Seen.Count != plan.ExitAfter)
        {
            return true;
        }

        switch (plan.Exit)
        {
            case ChaosExit.Break:
                HasLeft = true;
                return false;
            case ChaosExit.Throw:
                throw new ConsumerException();
            case ChaosExit.CancelInside:
                await CancelAsync();
                return true;
            case ChaosExit.CancelMeanwhile:
                _cancelling = Task.Run(CancelAsync);
                return true;
            default:
                return true;
        }
    }

    private Task CancelAsync() => (plan.CancelsCall ? _ofCall : _ofEnumeration).CancelAsync();

    private void Answer(ApprovalRequested request)
    {
        switch (_answers.Next(6))
        {
            case 0:
                request.Deny("no");
                break;
            case 1:
                Deferred.Add(request.CallId);
                request.Defer();
                break;
            case 2:
                _unanswered[request.CallId] = true;
                break;
            case 3:
                _ = Task.Run(() => request.Approve());
                break;
            default:
                request.Approve();
                break;
        }
    }

    private sealed class ConsumerException : Exception;
}
