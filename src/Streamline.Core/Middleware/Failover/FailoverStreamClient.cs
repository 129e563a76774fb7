using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>Asks another client when one fails before it has shown content; see <see cref="FailoverOptions"/>.</summary>
internal sealed class FailoverStreamClient : IteratorStageClient
{
    private readonly FailoverOptions _options;
    private readonly FailoverCandidate[] _candidates;

    public FailoverStreamClient(IStreamClient inner, FailoverOptions options, TimeProvider time)
        : base(inner)
    {
        _options = options;
        _candidates = [new FailoverCandidate(inner, settings: null, options, time), .. options.FixedClients.Select(client => new FailoverCandidate(inner, client, options, time))];
    }

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfBodyIsOfOneProtocol(request);
        var choice = new FailoverChoice(_candidates, _options.MaxClients ?? _candidates.Length);
        while (true)
        {
            var candidate = choice.Next(out var changed, out var probe);
            var attempt = new FailoverAttempt(candidate, probe, _options.MaxHeldEvents);
            Exception failure;
            FailureKind kind;
            await using (attempt.ConfigureAwait(false))
            {
                if (changed is not null)
                {
                    yield return changed;
                }

                attempt.Open(request, cancellationToken);
                while (await attempt.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return attempt.Current!;
                }

                if (attempt.Failure is null)
                {
                    yield break;
                }

                failure = attempt.Failure;
                kind = failure is OperationCanceledException || cancellationToken.IsCancellationRequested ? FailureKind.Other : _options.Classify(failure);
                attempt.Fail(kind);
            }

            if (attempt.HasContent || !choice.CanGoOn(kind, failure))
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
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
