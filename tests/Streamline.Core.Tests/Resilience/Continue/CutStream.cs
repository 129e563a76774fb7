using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Streams with cuts, and what comes of them.</summary>
/// <param name="Text">The text that the consumer has in the end.</param>
/// <param name="Seams">The announcements of continuations.</param>
/// <param name="Restarts">How often what was shown was discarded.</param>
/// <param name="Failure">What ended the stream.</param>
internal sealed record CutStream(string Text, IReadOnlyList<StreamResumed> Seams, int Restarts, Exception? Failure)
{
    public static async Task<CutStream> RunAsync(IStreamClient model, Action<RetryOptions>? configure = null, StreamRequest? request = null)
    {
        var client = new StreamClientBuilder(model).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            (retry.MidStream, retry.MaxAttempts) = (MidStreamPolicy.Continue, 10);
            configure?.Invoke(retry);
        }).Build();
        var state = new StreamState();
        List<StreamResumed> seams = [];
        var restarts = 0;
        Exception? failure = null;
        try
        {
            await foreach (var streamEvent in client.StreamAsync(request ?? Make.Request))
            {
                state.Apply(streamEvent);
                if (streamEvent is StreamResumed seam)
                {
                    seams.Add(seam);
                }

                restarts += streamEvent is StreamRestarted ? 1 : 0;
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return new CutStream(state.Text, seams, restarts, failure);
    }

    public static void Prefill(RetryOptions retry) => retry.Continue.AcceptsPrefill = static _ => true;

    public static void Stitch(RetryOptions retry) => retry.Continue.AllowStitching = true;

    public static void StitchInAnyCase(RetryOptions retry) => (retry.Continue.AllowStitching, retry.Continue.AllowUnsureSeams) = (true, true);
}
