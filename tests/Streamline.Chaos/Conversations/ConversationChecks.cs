using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Streamline.TestSupport.Conversations;
using Streamline.Tools;
using Streamline.Tools.Tests.Composition;

namespace Streamline.Chaos.Conversations;

/// <summary>What must hold after a conversation, whatever happened to it.</summary>
internal sealed class ConversationChecks(ChaosConversation conversation)
{
    private readonly ConversationPlan _plan = conversation.Plan;
    private readonly ConversationConsumer _consumer = conversation.Consumer;
    private readonly ChatResponse _shown = conversation.Consumer.Seen.Fold().ToChatResponse();

    /// <summary>Checks the conversation, and tells how it ended.</summary>
    public async Task<ChaosOutcome> CheckAsync()
    {
        CheckTools();
        await ConversationRunner.HasEndedAsync(() => conversation.Clock.Undisposed == 0);
        conversation.Clock.Undisposed.Should().Be(0, "no timer outlives its stream");
        CheckKindOfFailure();
        if (_plan.Reader == ChaosReader.ChatUpdates)
        {
            await CheckUpdatesAsync();
        }
        else
        {
            EventOrder.Check(_consumer.Seen);
            CheckEnd();
            CheckPartialResponse();
            await CheckNextRequestAsync(_consumer.Failure?.GetPartialResponse() ?? _shown);
        }

        return Outcome();
    }

    private ChaosOutcome Outcome() => _consumer.HasLeft || _consumer.Failure is OperationCanceledException ? ChaosOutcome.Left
        : _consumer.Failure is not null ? ChaosOutcome.Failed
        : _consumer.Seen.Select(OutcomeOf).Append(ChaosOutcome.Exact).Max();

    private static ChaosOutcome OutcomeOf(StreamEvent streamEvent) => streamEvent switch
    {
        StreamRestarted => ChaosOutcome.Restarted,
        StreamResumed { Confidence: SeamConfidence.Low } => ChaosOutcome.Unsure,
        StreamResumed { Strategy: ResumeStrategy.Stitch } => ChaosOutcome.Stitched,
        StreamResumed { Strategy: ResumeStrategy.Prefill } => ChaosOutcome.Prefilled,
        StreamResumed => ChaosOutcome.Resumed,
        RetryScheduled or ClientChanged => ChaosOutcome.Unseen,
        _ => ChaosOutcome.Exact,
    };

    private void CheckTools()
    {
        var tools = conversation.Tools;
        tools.Running.Should().Be(0, "no tool outlives its stream");
        tools.OpenInputs.Should().Be(0, "every streamed input is committed or rolled back");
        tools.IsLockBroken.Should().BeFalse("a resource has one writer at a time");
        tools.Starts.Where(starts => starts.Value != 1).Should().BeEmpty("no call runs twice");
        tools.Starts.Keys.Should().BeSubsetOf(_plan.Rounds.SelectMany(round => round.Calls).Where(call => call.IsGood).Select(call => $"{call.Name} {call.Key}"), "a tool runs only on a call that was sealed");
    }

    private void CheckEnd()
    {
        if (_consumer.Failure is null && !_consumer.HasLeft && _consumer.Deferred.Count == 0)
        {
            _consumer.Seen.Should().NotBeEmpty("silence is not success");
            _consumer.Seen[^1].Should().BeOfType<ResponseCompleted>("a stream ends with its terminal event");
            var rounds = Texts(_shown).Count;
            CheckTexts(Texts(_shown), isWhole: true);
            _shown.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().HaveCount(_plan.Rounds.Take(rounds).Sum(round => round.Calls.Count), "each call has one result");
        }

        if (!_consumer.HasLeft)
        {
            ConversationRules.Check([.. _shown.Messages], _consumer.Deferred.Contains);
        }

        CheckTexts(Texts(_shown), isWhole: false);
    }

    private void CheckKindOfFailure()
    {
        switch (_consumer.Failure)
        {
            case null:
                return;
            case OperationCanceledException cancelled:
                cancelled.CancellationToken.IsCancellationRequested.Should().BeTrue();
                (_plan.Reader == ChaosReader.ChatUpdates || cancelled.CancellationToken == _consumer.Cancelled).Should().BeTrue("a cancellation carries the token that was cancelled");
                break;
            case StreamLimitException limit:
                limit.LimitName.Should().BeOneOf(nameof(ToolLoopOptions.MaxRounds), nameof(ToolLoopOptions.MaxConsecutiveErrors));
                _plan.AtMaxRounds.Should().Be(MaxRoundsAction.Throw);
                break;
            case StreamInterruptedException or ProviderException or StreamTimeoutException or StreamProtocolException:
                break;
            default:
                throw new InvalidOperationException("The stream failed with an exception that is not documented.", _consumer.Failure);
        }
    }

    private void CheckPartialResponse()
    {
        if (_consumer.Failure is null)
        {
            return;
        }

        if (_consumer.Failure.GetPartialResponse() is not { } partial)
        {
            Texts(_shown).Should().BeEmpty("a failure has what had arrived: {0}", _consumer.Failure);
            return;
        }

        CheckTexts(Texts(partial), isWhole: false);
        string.Concat(Texts(partial)).Should().StartWith(string.Concat(Texts(_shown)), "what was shown is a part of what had arrived");
        ConversationRules.Check([.. partial.Messages], _consumer.Deferred.Contains);
    }

    // Updates have no borders of rounds: a round of the model may be two messages, with results between them. Questions end the stream, because updates cannot be answered.
    private async Task CheckUpdatesAsync()
    {
        var response = _consumer.Updates.ToChatResponse();
        if (!IsLossAnnounced)
        {
            var found = Comparable(string.Concat(Texts(response)));
            string[] whole = [.. Enumerable.Range(1, _plan.Rounds.Count).Select(count => Comparable(string.Concat(_plan.Rounds.Take(count).Select(round => round.Text))))];
            if (_consumer.Failure is null && !_consumer.HasLeft)
            {
                found.Should().BeOneOf(whole, "no text is lost or doubled without notice");
                _consumer.Updates.Should().Contain(update => update.FinishReason != null, "a stream ends with its terminal event");
            }

            whole[^1].Should().StartWith(found, "no text is lost or doubled without notice");
        }

        await CheckNextRequestAsync(response);
    }

    // An unsure seam, a model that does not do as it is asked to, or bytes between the events that nobody understands.
    private bool IsLossAnnounced => _consumer.Seen.Exists(streamEvent => streamEvent is StreamResumed { Confidence: SeamConfidence.Low } or ProviderEvent { Name: "unrecognized" }
        || (streamEvent is StreamResumed { Strategy: ResumeStrategy.Stitch } && _plan.Manner.IsDisobedient));

    // White space at a stitched seam is the model's.
    private string Comparable(string text) => _consumer.Seen.Exists(streamEvent => streamEvent is StreamResumed { Confidence: SeamConfidence.High })
        ? string.Concat(text.Where(c => !char.IsWhiteSpace(c)))
        : text;

    private void CheckTexts(List<string> texts, bool isWhole)
    {
        if (IsLossAnnounced)
        {
            return;
        }

        texts.Count.Should().BeLessThanOrEqualTo(_plan.Rounds.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var (found, expected) = (Comparable(texts[i]), Comparable(_plan.Rounds[i].Text));
            if (isWhole || i < texts.Count - 1)
            {
                found.Should().Be(expected, "no text is lost or doubled without notice");
            }
            else
            {
                expected.Should().StartWith(found, "no text is lost or doubled without notice");
            }
        }
    }

    /// <summary>The user writes again, whatever ended the answer: every provider accepts that.</summary>
    private static async Task CheckNextRequestAsync(ChatResponse answer)
    {
        ChatMessage[] messages = [new(ChatRole.User, "go"), .. answer.Messages, new(ChatRole.User, "more")];
        foreach (var rules in ProviderRules.All.Values)
        {
            await rules.CheckSentAsync(messages);
        }
    }

    private static List<string> Texts(ChatResponse response) => [.. response.Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text)];
}
