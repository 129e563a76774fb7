using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline.Resilience;

/// <summary>Asks another client when one fails; see <see cref="FailoverOptions"/>.</summary>
internal sealed class FailoverStreamClient : IteratorStageClient
{
    private readonly FailoverOptions _options;
    private readonly FailoverCandidate[] _candidates;

    public FailoverStreamClient(IStreamClient inner, FailoverOptions options, TimeProvider time)
        : base(inner)
    {
        _options = options;
        var clock = new SteadyClock(time);
        _candidates = [new FailoverCandidate(inner, settings: null, options, clock), .. options.FixedClients.Select(client => new FailoverCandidate(inner, client, options, clock))];
    }

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfBodyIsOfOneProtocol(request);
        var answer = new FailoverAnswer(request, _options, MaxRetainedChars);
        var choice = new FailoverChoice(_candidates, _options.MaxClients ?? _candidates.Length, answer);
        while (true)
        {
            var candidate = choice.Next(out var changed, out var probe);
            var attempt = new FailoverAttempt(candidate.Breaker, probe, _options.MaxHeldEvents, () => answer.Open(candidate, cancellationToken));
            await using (attempt.ConfigureAwait(false))
            {
                if (changed is not null)
                {
                    yield return changed;
                }

                while (await attempt.MoveNextAsync().ConfigureAwait(false))
                {
                    if (!attempt.Current!.IsNotice && answer.TryRestart(out var restarted))
                    {
                        yield return restarted;
                    }

                    answer.Add(attempt.Current);
                    yield return attempt.Current;
                }

                if (attempt.Failure is not { } failure)
                {
                    yield break;
                }

                if (answer.IsRefusedBy(candidate, failure, attempt.HasContent))
                {
                    choice.NoteRefusal(failure);
                }
                else if (failure is ArgumentException && !attempt.HasContent && candidate != _candidates[0])
                {
                    choice.NoteUnable(); // another protocol may lack an option or a content of the request, for which the client is not to blame
                }
                else
                {
                    Fail(attempt, failure, answer, choice, cancellationToken);
                }

                if (!choice.HasNext())
                {
                    ExceptionDispatchInfo.Throw(answer.Report(failure));
                }
            }
        }
    }

    /// <exception cref="Exception">No other client may be asked.</exception>
    private void Fail(FailoverAttempt attempt, Exception failure, FailoverAnswer answer, FailoverChoice choice, CancellationToken cancellationToken)
    {
        var kind = failure is OperationCanceledException || cancellationToken.IsCancellationRequested ? FailureKind.Other : _options.Classify(failure);
        attempt.Fail(kind);
        if (kind is FailureKind.Request or FailureKind.Other || !answer.IsOpen)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        choice.Note(kind, failure);
    }

    private void ThrowIfBodyIsOfOneProtocol(StreamRequest request)
    {
        if (request.ExtraBody is not null && Array.Find(_candidates, candidate => candidate is { IsOfOtherProtocol: true, CanAdapt: false }) is { } other)
        {
            throw new InvalidOperationException(
                $"The request has an {nameof(StreamRequest.ExtraBody)}, and the client '{other.Name}' speaks another protocol than the first one, to which it may mean something else: set {nameof(FailoverClient)}.{nameof(FailoverClient.Adapt)}. Nothing was sent.");
        }
    }
}
