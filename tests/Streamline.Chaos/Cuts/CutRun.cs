using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Chaos.Cuts;

/// <summary>One answer that is cut at one or two places, and read through retry.</summary>
internal sealed class CutRun(CutAnswerCase answer, Random random, int cut)
{
    private const int MaxAttempts = 6;

    /// <summary>Gets whether white space differs at a seam that was announced as certain.</summary>
    public bool HasOtherWhiteSpace { get; private set; }

    /// <summary>Gets what a wrong result looks like.</summary>
    public string? Difference { get; private set; }

    /// <summary>Reads the answer, and compares what the consumer has in the end with the answer that is not cut.</summary>
    public async Task<ChaosOutcome> RunAsync()
    {
        var manner = ContinuingManner.All[random.Next(ContinuingManner.All.Count)];
        int[] cuts = random.Next(4) == 0 ? [cut, random.Next(answer.Body.Length)] : [cut];
        using var http = new HttpClient(new CutHandler(answer, manner, cuts, breaks: random.Next(2) == 0));
        var policy = random.Next(8);
        var client = new StreamClientBuilder(answer.Target.Protocol.CreateClient(http, "any", answer.Target.Model)).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            (retry.MaxAttempts, retry.Continue.CreatePrompt) = (MaxAttempts, ContinuationRequest.Ask);
            retry.MidStream = policy switch { 0 => MidStreamPolicy.Fail, 1 => MidStreamPolicy.Restart, _ => MidStreamPolicy.Continue };
            (retry.Continue.AllowStitching, retry.Continue.AllowUnsureSeams) = (true, policy < 5);
            retry.Continue.Otherwise = random.Next(4) == 0 ? MidStreamPolicy.Fail : MidStreamPolicy.Restart;
        }).Build();
        var request = new StreamRequest { Messages = [new(ChatRole.User, "go")], Options = new ChatOptions { AllowBackgroundResponses = answer.Target.KeepsResponses ? true : null } };
        var (events, failure) = await client.StreamAsync(request).CatchAsync();
        var outcome = failure is null ? events.Select(OutcomeOf).Append(ChaosOutcome.Exact).Max() : ChaosOutcome.Failed;
        return IsRight(events.Fold(), outcome, failure, [.. events.OfType<StreamResumed>()]) ? outcome
            : manner.IsDisobedient && events.Exists(streamEvent => streamEvent is StreamResumed { Strategy: ResumeStrategy.Stitch }) ? ChaosOutcome.Misled
            : ChaosOutcome.Wrong;
    }

    private static ChaosOutcome OutcomeOf(StreamEvent streamEvent) => streamEvent switch
    {
        StreamRestarted => ChaosOutcome.Restarted,
        StreamResumed { Confidence: SeamConfidence.Low } => ChaosOutcome.Unsure,
        StreamResumed { Strategy: ResumeStrategy.Stitch } => ChaosOutcome.Stitched,
        StreamResumed { Strategy: ResumeStrategy.Prefill } => ChaosOutcome.Prefilled,
        StreamResumed => ChaosOutcome.Resumed,
        RetryScheduled => ChaosOutcome.Unseen,
        _ => ChaosOutcome.Exact,
    };

    private bool IsRight(StreamState state, ChaosOutcome outcome, Exception? failure, IReadOnlyList<StreamResumed> seams)
    {
        if (failure is not (null or StreamInterruptedException or ProviderException or StreamProtocolException))
        {
            Difference = failure.ToString();
            return false;
        }

        // The model of this test continues with text only.
        var hasCalls = failure is null && seams.All(seam => seam.Strategy == ResumeStrategy.ServerResume);
        if (seams.Any(seam => seam.Confidence == SeamConfidence.Low) || (IsText(state.Text, isWhole: failure is null) && (!hasCalls || CutAnswerCase.CallsOf(state) == answer.Calls)))
        {
            return true;
        }

        HasOtherWhiteSpace = outcome is ChaosOutcome.Stitched or ChaosOutcome.Failed && IsWithoutSpace(state.Text, isWhole: failure is null);
        Difference = $"{outcome}, {failure?.Message}\n{state.Text}\nexpected\n{answer.Text}";
        return HasOtherWhiteSpace;
    }

    private bool IsText(string text, bool isWhole) => isWhole ? text == answer.Text : answer.Text.StartsWith(text, StringComparison.Ordinal);

    private bool IsWithoutSpace(string text, bool isWhole)
    {
        var (found, expected) = (Letters(text), Letters(answer.Text));
        return isWhole ? found == expected : expected.StartsWith(found, StringComparison.Ordinal);
    }

    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
