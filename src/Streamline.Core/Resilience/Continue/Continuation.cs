using System.Runtime.CompilerServices;

namespace Streamline.Resilience;

/// <summary>How one response is continued: the request to send, to the same client or to another one, and how its answer follows what was shown.</summary>
/// <remarks>It is made by <see cref="ContinuationPlanner"/> and is good for one attempt. Its stream begins with <see cref="StreamResumed"/>, except for signs of life and notices of retries.</remarks>
internal sealed class Continuation(ResumeStrategy strategy, StreamRequest request, CutAnswer answer, TokenUsage? priorUsage, IJointFinder? joint, bool allowsUnsure)
{
    private ContinuedResponse? _response;

    public ResumeStrategy Strategy => strategy;

    /// <summary>Gets the request that asks for the rest.</summary>
    public StreamRequest Request => request;

    /// <summary>Gets a value indicating whether the seam has been shown. Before that, nothing of the continuation has, and another way may be taken.</summary>
    public bool IsJoined => _response?.IsJoined == true;

    /// <summary>Asks for the rest and streams it as events that follow what was shown.</summary>
    /// <param name="client">The client that is asked.</param>
    /// <param name="attempt">The number of the attempt, for <see cref="StreamResumed.Attempt"/>.</param>
    /// <param name="reason">Why the response was cut.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="UnsureSeamException">The place of the seam is not certain enough. Nothing has been returned.</exception>
    public async IAsyncEnumerable<StreamEvent> StreamAsync(IStreamClient client, int attempt, string reason, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _response = new ContinuedResponse(answer, priorUsage, joint, allowsUnsure, seam => new StreamResumed
        {
            Attempt = attempt,
            Reason = reason,
            Strategy = strategy,
            Confidence = seam.Joint.Confidence,
            OverlapRemoved = seam.Joint.Overlap,
            PrefaceRemoved = seam.Joint.Preface,
            InsertedSeparator = seam.Joint.Separator.Length > 0 ? seam.Joint.Separator : null,
            PriorUsage = priorUsage,
            Provider = seam.Response?.Provider,
            Protocol = seam.Response?.Protocol,
            Model = seam.Response?.Model,
            ResponseId = seam.Response?.ResponseId,
        });
        var events = StreamFold.GetUnfoldedEnumerator(client.StreamAsync(request, cancellationToken), cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                _response.Add(events.Current);
                while (_response.TryTake(out var streamEvent))
                {
                    yield return streamEvent;
                }
            }

            _response.End();
            while (_response.TryTake(out var streamEvent))
            {
                yield return streamEvent;
            }
        }
    }
}
