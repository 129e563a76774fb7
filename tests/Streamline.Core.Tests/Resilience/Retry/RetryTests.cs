using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

public sealed class RetryTests
{
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<string> TransientFailures => ["http", "in-band", "interrupted", "ResponseHead", "FirstEvent", "Idle"];

    [Fact]
    public async Task StreamAsync_FirstAttemptSucceeds_EventsAreUnchanged()
    {
        StreamEvent[] events = [Started(), new UsageUpdated { Usage = new() { InputTokens = 3 } }, Words("a"), Words("b"), Completed()];

        (await CollectAsync(FakeStreamClient.Of(events))).ToLines().Should().Be(events.ToLines());
    }

    [Theory]
    [Trait("Law", "5")]
    [Trait("Law", "6")]
    [MemberData(nameof(TransientFailures))]
    public async Task StreamAsync_TransientFailureBeforeContent_RetriesWithoutTrace(string kind)
    {
        Exception failure = kind switch
        {
            "http" => Overloaded(),
            "in-band" => Overloaded(inBand: true),
            "interrupted" => Interrupted(),
            _ => new StreamTimeoutException(Enum.Parse<StreamTimeoutPhase>(kind), TimeSpan.FromSeconds(1)),
        };
        var client = new FakeStreamClient(
            Fails(failure, Started("lost"), new UsageUpdated { Usage = new() }, new ContentStarted { Index = 0, Kind = ContentKind.Text }),
            Ends(Started("kept"), Words("answer"), Completed()));

        var events = await CollectAsync(client);

        events.Select(e => e.GetType()).Should().Equal(typeof(RetryScheduled), typeof(ResponseStarted), typeof(TextDelta), typeof(ResponseCompleted));
        events.OfType<ResponseStarted>().Single().ResponseId.Should().Be("kept");
        events.OfType<RetryScheduled>().Single().Attempt.Should().Be(2);
        client.Requests.Should().HaveCount(2);
        client.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_FailureThatIsNotTransient_IsThrownAtOnce()
    {
        Exception[] failures =
        [
            new ProviderException("test", HttpStatusCode.BadRequest, "invalid_request_error", null),
            new StreamTimeoutException(StreamTimeoutPhase.Total, TimeSpan.FromSeconds(1)),
            new StreamProtocolException(StreamProtocolError.InvalidJson, "Found x", 3),
            new StreamLimitException("MaxEventBytes", 1, 2),
            new InvalidOperationException("a bug"),
            new OperationCanceledException("not the caller's"),
        ];
        foreach (var failure in failures)
        {
            var client = new FakeStreamClient(Fails(failure, Started()));

            var (events, exception) = await Run(client);

            exception.Should().BeSameAs(failure);
            events.Should().BeEmpty(failure.GetType().Name);
            client.Requests.Should().ContainSingle();
        }
    }

    [Fact]
    public async Task StreamAsync_ShouldHandle_ReplacesTheChoice()
    {
        var client = new FakeStreamClient(Fails(new InvalidOperationException("flaky")), Ends(Words("ok"), Completed()));

        var events = await CollectAsync(client, options => options.ShouldHandle = context => context.Exception is InvalidOperationException || RetryOptions.IsTransient(context.Exception));

        events.OfType<RetryScheduled>().Single().Reason.Should().Be(nameof(InvalidOperationException));
        TextOf(events).Should().Be("ok");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_AllAttemptsFail_ThrowsTheLastFailureWithTheCount()
    {
        var last = Overloaded();
        var client = new FakeStreamClient(Fails(Overloaded()), Fails(Interrupted()), Fails(last), Ends(Words("never"), Completed()));

        var (events, exception) = await Run(client);

        exception.Should().BeSameAs(last);
        last.Attempts.Should().Be(3);
        events.Cast<RetryScheduled>().Select(e => e.Attempt).Should().Equal(2, 3);
        client.Requests.Should().HaveCount(3);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task StreamAsync_Retry_IsShownBeforeItsDelayPasses()
    {
        var client = new FakeStreamClient(Fails(Overloaded()), Ends(Words("ok"), Completed()));
        var events = Build(client, options => options.NextRandom = () => 1).StreamAsync(Request).GetAsyncEnumerator();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        var notice = events.Current.Should().BeOfType<RetryScheduled>().Subject;
        notice.Delay.Should().Be(TimeSpan.FromSeconds(0.5));
        notice.Reason.Should().Be("test answered HTTP 529 overloaded_error");
        await _time.WaitForTimersAsync().OrFail();
        client.Requests.Should().ContainSingle();
        client.Open.Should().Be(0);

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(0.499));
        next.IsCompleted.Should().BeFalse();
        client.Requests.Should().ContainSingle();
        _time.Advance(TimeSpan.FromSeconds(0.001));
        (await next.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<TextDelta>();
        await events.DisposeAsync();
        client.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_KeepAliveBeforeContent_IsShownWhileTheAttemptGoesOn()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = new FakeStreamClient((_, _) => Attempt());
        var events = Build(client).StreamAsync(Request).GetAsyncEnumerator();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        events.Current.Should().BeSameAs(KeepAlive.Instance);
        var next = events.MoveNextAsync().AsTask();
        next.IsCompleted.Should().BeFalse();
        release.SetResult();
        (await next.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<ResponseStarted>();
        await events.DisposeAsync();

        async IAsyncEnumerable<StreamEvent> Attempt()
        {
            yield return Started();
            yield return KeepAlive.Instance;
            await release.Task;
            yield return Words("x");
        }
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamAsync_MidStreamFailureWithFail_IsThrownWithThePartialResponse()
    {
        var failure = Interrupted();
        failure.PartialResponse = new ChatResponse(new ChatMessage(ChatRole.Assistant, "ab"));
        var client = new FakeStreamClient(Fails(failure, Words("a"), Words("b")), Ends(Words("never"), Completed()));

        var (events, exception) = await Run(client);

        exception.Should().BeSameAs(failure);
        exception!.GetPartialResponse()!.Text.Should().Be("ab");
        TextOf(events).Should().Be("ab");
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamAsync_MidStreamFailureWithRestart_AnnouncesWhatIsVoid()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started("1"), Words("lost", index: 2), Reasoning("too", index: 0), KeepAlive.Instance, Words("!", index: 2)),
            Ends(Started("2"), Words("answer"), Completed()));

        var events = await CollectAsync(client, Restart);

        events.Select(e => e.GetType().Name).Should().Equal(
            "ResponseStarted", "TextDelta", "ReasoningDelta", "KeepAlive", "TextDelta",
            "RetryScheduled", "StreamRestarted", "ResponseStarted", "TextDelta", "ResponseCompleted");
        var restarted = events.OfType<StreamRestarted>().Single();
        restarted.Discarded.Should().Equal(0, 2);
        restarted.Attempt.Should().Be(2);
        restarted.Reason.Should().Be("the connection broke");
        TextOf(events).Should().Be("answer");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_BothPhasesFail_ShareOneBudget()
    {
        var last = Interrupted();
        var client = new FakeStreamClient(
            Fails(Overloaded()),
            Fails(Interrupted(), Words("a")),
            Fails(Overloaded(inBand: true), Started()),
            Fails(last, Words("b", index: 4)),
            Ends(Words("never"), Completed()));

        var (events, exception) = await Run(client, options => { Restart(options); options.MaxAttempts = 4; });

        exception.Should().BeSameAs(last);
        last.Attempts.Should().Be(4);
        events.OfType<RetryScheduled>().Select(e => e.Attempt).Should().Equal(2, 3, 4);
        events.OfType<StreamRestarted>().Select(e => e.Attempt).Should().Equal(4);
        TextOf(events).Should().Be("b");
        client.Requests.Should().HaveCount(4);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamAsync_RestartNeverGetsToContent_WhatWasShownStands()
    {
        var broken = Interrupted();
        broken.PartialResponse = new ChatResponse(new ChatMessage(ChatRole.Assistant, "shown"));
        var client = new FakeStreamClient(Fails(broken, Words("shown")), Fails(Overloaded(), Started()));

        var (events, exception) = await Run(client, Restart);

        events.OfType<StreamRestarted>().Should().BeEmpty();
        TextOf(events).Should().Be("shown");
        exception.Should().BeOfType<ProviderException>().Which.PartialResponse!.Text.Should().Be("shown");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task StreamAsync_FailureAfterTheEndOrAfterAToolBegan_IsNotRetried()
    {
        StreamEvent[] finals = [Completed(), new ToolExecutionStarted { CallId = "c", Name = "delete" }];
        foreach (var final in finals)
        {
            var client = new FakeStreamClient(Fails(Interrupted(), Words("a"), final), Ends(Words("never"), Completed()));

            var (_, exception) = await Run(client, Restart);

            exception.Should().BeOfType<StreamInterruptedException>();
            client.Requests.Should().ContainSingle();
        }
    }

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(1, 5, 7.5)]
    [InlineData(0, 0.1, 0.1)]
    [InlineData(1, 0.1, 0.6)]
    [InlineData(0, 60, 60)]
    [InlineData(1, 60, 90)]
    public async Task StreamAsync_RetryAfter_IsKeptAndSpreadUpwards(double random, double hint, double expected)
    {
        var client = new FakeStreamClient(Fails(Overloaded(TimeSpan.FromSeconds(hint))), Ends(Words("a"), Completed()));

        var events = await CollectAsync(client, options => options.NextRandom = () => random);

        events.OfType<RetryScheduled>().Single().Delay.Should().Be(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public async Task StreamAsync_RetryAfterBeyondTheLimit_FailsAtOnce()
    {
        var failure = Overloaded(TimeSpan.FromSeconds(60.001));
        var client = new FakeStreamClient(Fails(failure), Ends(Words("never"), Completed()));

        var (events, exception) = await Run(client);

        exception.Should().BeSameAs(failure);
        failure.Attempts.Should().Be(1);
        failure.Message.Should().EndWith("There was no further attempt: the provider asks to wait 00:01:00.0010000, and RetryOptions.MaxRetryAfter is 00:01:00.");
        events.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, 0, 0.5)]
    [InlineData(0, 0, 0.125)]
    [InlineData(1, 2, 2)]
    [InlineData(0, 2, 0.5)]
    [InlineData(1, 4, 8)]
    [InlineData(1, 8, 8)]
    [InlineData(0, 8, 2)]
    [InlineData(1, int.MaxValue, 8)]
    public void Delay_NoHint_IsExponentialAndWidelySpreadUnderACap(double random, int failure, double expected) =>
        RetryStrategy.Delay(new RetryOptions { NextRandom = () => random }, failure, Interrupted()).Should().Be(TimeSpan.FromSeconds(expected));

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_MoreEventsThanMayBeHeld_AreShownAndCountAsContent()
    {
        StreamEvent[] unknown = [.. Enumerable.Range(0, 5).Select(i => new ProviderEvent { Name = "n" + i, Data = "{}" })];
        var client = new FakeStreamClient(Fails(Interrupted(), unknown), Ends(Words("never"), Completed()));

        var (events, exception) = await Run(client, options => options.MaxHeldEvents = 4);

        events.ToLines().Should().Be(unknown.ToLines());
        exception.Should().BeOfType<StreamInterruptedException>();
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_HeldEventsAreLarge_AreShown()
    {
        StreamEvent[] large = [.. Enumerable.Range(0, 5).Select(i => new ProviderEvent { Name = "n" + i, Data = new string(' ', 300_000) })];
        var client = new FakeStreamClient(Fails(Interrupted(), large), Ends(Words("never"), Completed()));

        var (events, _) = await Run(client);

        events.Should().HaveCount(5, "no more than 1 Mi characters are held back");
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutContent_PassesWhatWasHeld()
    {
        (await CollectAsync(FakeStreamClient.Of(Started()))).Should().ContainSingle().Which.Should().BeOfType<ResponseStarted>();
        (await CollectAsync(FakeStreamClient.Of())).Should().BeEmpty();
    }

    [Fact]
    public void UseRetry_OneAttempt_AddsNothing()
    {
        var source = FakeStreamClient.Of();

        new StreamClientBuilder(source).UseRetry(options => options.MaxAttempts = 1).Build().Should().BeSameAs(source);
    }

    [Fact]
    public async Task UseRetry_OptionsChangedLater_DoesNothing()
    {
        RetryOptions? kept = null;
        var client = new FakeStreamClient(Fails(Overloaded()), Fails(Overloaded()), Ends(Words("a"), Completed()));
        var built = Build(client, options => kept = options);
        kept!.MaxAttempts = 1;

        TextOf(await Drain(built.StreamAsync(Request))).Should().Be("a");
    }

    private static void Restart(RetryOptions options) => options.MidStream = MidStreamPolicy.Restart;

    private IStreamClient Build(IStreamClient source, Action<RetryOptions>? configure = null) =>
        new StreamClientBuilder(source).UseRetry(options =>
        {
            options.TimeProvider = _time;
            configure?.Invoke(options);
        }).Build();

    private async Task<List<StreamEvent>> CollectAsync(IStreamClient source, Action<RetryOptions>? configure = null)
    {
        var (events, exception) = await Run(source, configure);
        exception.Should().BeNull();
        return events;
    }

    private async Task<List<StreamEvent>> Drain(IAsyncEnumerable<StreamEvent> events) => (await _time.RunAsync(events)).Events;

    private Task<(List<StreamEvent> Events, Exception? Exception)> Run(IStreamClient source, Action<RetryOptions>? configure = null) =>
        _time.RunAsync(Build(source, configure).StreamAsync(Request));
}
