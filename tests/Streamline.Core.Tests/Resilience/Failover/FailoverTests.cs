using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Failover;

public sealed class FailoverTests
{
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<string, FailureKind> Kinds => new()
    {
        { "500", FailureKind.Transient }, { "529", FailureKind.Transient }, { "408", FailureKind.Transient }, { "429", FailureKind.Transient },
        { "401", FailureKind.Down }, { "402", FailureKind.Down }, { "403", FailureKind.Down }, { "429 insufficient_quota", FailureKind.Down },
        { "400", FailureKind.Request }, { "404", FailureKind.Request }, { "422", FailureKind.Request },
        { "400 context_length_exceeded", FailureKind.ContextLength }, { "413", FailureKind.ContextLength }, { "500 context_length_exceeded", FailureKind.Transient },
        { "interrupted", FailureKind.Transient }, { "timeout", FailureKind.Transient }, { "total", FailureKind.Other }, { "queue", FailureKind.Transient },
        { "limit", FailureKind.Other }, { "cancelled", FailureKind.Other }, { "bug", FailureKind.Other },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void KindOf_EveryFailure_SaysWhoFailed(string failure, FailureKind expected) => FailoverOptions.KindOf(Failure(failure)).Should().Be(expected);

    [Fact]
    public async Task StreamAsync_FirstClientAnswers_EventsAreUnchanged()
    {
        StreamEvent[] events = [Started(), Words("a"), Completed()];
        var backup = FakeStreamClient.Of(Started(), Completed());

        (await Build(FakeStreamClient.Of(events), backup).StreamAsync(Request).CollectAsync()).ToLines().Should().Be(events.ToLines());
        backup.Requests.Should().BeEmpty();
    }

    [Theory]
    [Trait("Law", "6")]
    [InlineData("529")]
    [InlineData("401")]
    [InlineData("interrupted")]
    [InlineData("timeout")]
    public async Task StreamAsync_FailureBeforeContent_TheNextClientAnswersAndNothingIsLeft(string failure)
    {
        var primary = new FakeStreamClient(Fails(Failure(failure), Started("lost"), new UsageUpdated { Usage = new() }, KeepAlive.Instance));
        var backup = FakeStreamClient.Of(Started("kept"), Words("answer"), Completed());

        var events = await Build(primary, backup).StreamAsync(Request).CollectAsync();

        events.Select(e => e.GetType()).Should().Equal(typeof(KeepAlive), typeof(ClientChanged), typeof(ResponseStarted), typeof(TextDelta), typeof(ResponseCompleted));
        events.OfType<ClientChanged>().Single().Should().BeEquivalentTo(new { Client = "backup", Previous = "primary", Kind = FailoverOptions.KindOf(Failure(failure)) });
        events.OfType<ResponseStarted>().Single().ResponseId.Should().Be("kept");
        (primary.Open + backup.Open).Should().Be(0);
    }

    [Theory]
    [Trait("Law", "6")]
    [InlineData("400")]
    [InlineData("limit")]
    [InlineData("bug")]
    public async Task StreamAsync_FailureOfTheRequest_IsThrownAtOnce(string failure)
    {
        var exception = Failure(failure);
        var backup = FakeStreamClient.Of(Started(), Completed());

        (await Build(new FakeStreamClient(Fails(exception, Started())), backup).StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(exception);
        backup.Requests.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamAsync_FailureAfterContent_IsPassedOnWithThePartialResponse()
    {
        var backup = FakeStreamClient.Of(Started(), Completed());

        var (events, exception) = await Build(new FakeStreamClient(Fails(Interrupted(), Started(), Words("half"))), backup).StreamAsync(Request).CatchAsync();

        TextOf(events).Should().Be("half");
        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("half");
        backup.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task StreamAsync_AllFail_ThrowsTheLastFailure()
    {
        var (first, last) = (Overloaded(), Interrupted());

        var (events, exception) = await Build(new FakeStreamClient(Fails(first)), new FakeStreamClient(Fails(last))).StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(last);
        events.Should().ContainSingle().Which.Should().BeOfType<ClientChanged>();
    }

    [Fact]
    public async Task StreamAsync_TooLong_OnlyALongerContextIsAsked()
    {
        var shorter = FakeStreamClient.Of(Started(), Completed());
        var unknown = FakeStreamClient.Of(Started(), Completed());
        var longer = FakeStreamClient.Of(Started("long"), Words("a"), Completed());
        var client = Build(new FakeStreamClient(Fails(Failure("413"))), options =>
        {
            options.PrimaryMaxInputTokens = 128_000;
            options.Clients.Add(new("shorter", shorter) { MaxInputTokens = 100_000 });
            options.Clients.Add(new("unknown", unknown));
            options.Clients.Add(new("longer", longer) { MaxInputTokens = 1_000_000 });
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        events.OfType<ClientChanged>().Should().ContainSingle().Which.Client.Should().Be("longer");
        shorter.Requests.Should().BeEmpty();
        unknown.Requests.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Breaker_ManyFailures_LeavesTheClientAloneAndProbesItOnce()
    {
        var isWell = false;
        var primary = new FakeStreamClient((_, _) => isWell ? FakeStreamClient.Stream([Started(), Words("a"), Completed()]) : FakeStreamClient.StreamThenThrow(Overloaded()));
        var client = Build(primary, FakeStreamClient.Of(Started(), Words("b"), Completed()));
        for (var i = 0; i < 10; i++)
        {
            (await client.StreamAsync(Request).CollectAsync()).OfType<ClientChanged>().Single().Client.Should().Be("backup");
        }

        primary.Requests.Should().HaveCount(5, "after five failures it is left alone");
        _time.Advance(TimeSpan.FromSeconds(15));
        await client.StreamAsync(Request).CollectAsync();
        await client.StreamAsync(Request).CollectAsync();
        primary.Requests.Should().HaveCount(6, "one probe has failed, and the time doubles");
        _time.Advance(TimeSpan.FromSeconds(15));
        await client.StreamAsync(Request).CollectAsync();
        primary.Requests.Should().HaveCount(6);
        isWell = true;
        _time.Advance(TimeSpan.FromSeconds(15));
        await using (var probe = client.StreamAsync(Request).GetAsyncEnumerator())
        {
            await probe.MoveNextAsync();
            probe.Current.Should().BeOfType<ResponseStarted>();
            (await client.StreamAsync(Request).CollectAsync()).OfType<ClientChanged>().Should().BeEmpty("the probe has shown content");
        }
    }

    [Fact]
    public async Task Breaker_TwoRequestsAtTheTimeOfTheProbe_OnlyOneProbes()
    {
        var primary = new FakeStreamClient(Fails(Failure("401")), Stalls(Started()));
        var client = Build(primary, FakeStreamClient.Of(Started(), Words("b"), Completed()));
        await client.StreamAsync(Request).CollectAsync();
        (await client.StreamAsync(Request).CollectAsync())[0].Should().BeOfType<ClientChanged>().Which.Should().BeEquivalentTo(new { Kind = FailureKind.Down, Reason = "it is skipped for a while, because it has failed before" });
        primary.Requests.Should().ContainSingle("a refused key is not tried again for half an hour");
        _time.Advance(TimeSpan.FromMinutes(30));

        using var cancellation = new CancellationTokenSource();
        var probing = client.StreamAsync(Request, cancellation.Token).CatchAsync();
        (await client.StreamAsync(Request).CollectAsync()).OfType<ClientChanged>().Should().ContainSingle();
        await cancellation.CancelAsync();
        await probing.OrFail();
        primary.Requests.Should().HaveCount(2);

        using var again = new CancellationTokenSource();
        var second = client.StreamAsync(Request, again.Token).CatchAsync();
        primary.Requests.Should().HaveCount(3, "a probe that was left says nothing, so another request probes");
        await again.CancelAsync();
        await second.OrFail();
    }

    [Fact]
    public async Task Breaker_RetryAfter_IsTheLeastTime()
    {
        var primary = new FakeStreamClient(Fails(Overloaded(TimeSpan.FromSeconds(40))), Ends(Started(), Words("a"), Completed()));
        var client = Build(primary, FakeStreamClient.Of(Started(), Words("b"), Completed()));
        await client.StreamAsync(Request).CollectAsync();
        _time.Advance(TimeSpan.FromSeconds(39));
        await client.StreamAsync(Request).CollectAsync();
        primary.Requests.Should().ContainSingle();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await client.StreamAsync(Request).CollectAsync()).OfType<ClientChanged>().Should().BeEmpty();
    }

    [Fact]
    public async Task Breaker_NobodyIsWell_TheOneThatIsDueFirstIsAsked()
    {
        var primary = new FakeStreamClient(Fails(Overloaded(TimeSpan.FromSeconds(60))), Ends(Started(), Words("a"), Completed()));
        var backup = new FakeStreamClient(Fails(Overloaded(TimeSpan.FromSeconds(30))), Ends(Started(), Words("b"), Completed()));
        var client = Build(primary, backup);
        await client.StreamAsync(Request).CatchAsync();

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("b");
    }

    [Fact]
    public async Task StreamAsync_OtherProvider_GetsItsOwnModel()
    {
        var primary = new FakeStreamClient(Fails(Overloaded())) { Metadata = new() { Provider = "one" } };
        var same = new FakeStreamClient(Fails(Overloaded())) { Metadata = new() { Provider = "one" } };
        var other = new FakeStreamClient(Fails(Overloaded())) { Metadata = new() { Provider = "two", DefaultModel = "default-of-two" } };
        var named = FakeStreamClient.Of(Started(), Words("a"), Completed());
        var client = Build(primary, options =>
        {
            options.Clients.Add(new("same", same));
            options.Clients.Add(new("other", other));
            options.Clients.Add(new("named", named) { Model = "named" });
        });

        await client.StreamAsync("Hi", new ChatOptions { ModelId = "model-of-one", Temperature = 0.5f }).CollectAsync();

        same.Requests.Single().Options!.ModelId.Should().Be("model-of-one");
        other.Requests.Single().Options!.ModelId.Should().BeNull();
        named.Requests.Single().Options.Should().BeEquivalentTo(new { ModelId = "named", Temperature = 0.5f });
    }

    [Fact]
    public async Task StreamAsync_RawBodyForAnotherProtocol_IsRejectedBeforeAnythingIsSent()
    {
        var primary = new FakeStreamClient(Fails(Overloaded())) { Metadata = new() { Provider = "one" } };
        var other = new FakeStreamClient(Ends(Started(), Completed())) { Metadata = new() { Provider = "two", DefaultModel = "m" } };
        var request = Request with { ExtraBody = new JsonObject { ["top_k"] = 1 } };

        (await Build(primary, other).StreamAsync(request).CatchAsync()).Exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("'backup'").And.Contain("Nothing was sent");
        primary.Requests.Should().BeEmpty();

        var adapted = Build(primary, options => options.Clients.Add(new("backup", other) { Adapt = request => request with { ExtraBody = null } }));
        await adapted.StreamAsync(request).CollectAsync();
        other.Requests.Single().ExtraBody.Should().BeNull();
    }

    [Fact]
    [Trait("Law", "9")]
    public Task UseFailover_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source =>
        new StreamClientBuilder(source).UseFailover(options => options.Clients.Add(new("backup", new FakeStreamClient(Fails(Interrupted()))))).Build());

    [Fact]
    public void Options_OutOfRange_AreRejectedWithTheReason()
    {
        var client = FakeStreamClient.Of();
        FluentActions.Invoking(() => new FailoverOptions { Cooldown = TimeSpan.FromSeconds(-1) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FailoverOptions { FailureRatio = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FailoverOptions { FailureRatio = double.NaN }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FailoverOptions { MaxClients = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FailoverOptions { MinimumRequests = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FailoverClient("", client)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new FailoverClient("a", client) { MaxInputTokens = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Build(client, _ => { })).Should().Throw<InvalidOperationException>().WithMessage("*is empty*");
        FluentActions.Invoking(() => Build(client, options => options.Clients.Add(new("primary", client)))).Should().Throw<InvalidOperationException>().WithMessage("*two clients named 'primary'*");
        var withModel = new FakeStreamClient(Ends()) { Metadata = new() { Provider = "one", DefaultModel = "m" } };
        var without = new FakeStreamClient(Ends()) { Metadata = new() { Provider = "two" } };
        FluentActions.Invoking(() => Build(withModel, without)).Should().Throw<InvalidOperationException>().WithMessage("*has no default model*");
        FluentActions.Invoking(() => new StreamClientBuilder(client).UseFailover(options => options.Clients.Add(new("a", client))).Use(StreamStage.Tools, (inner, _) => inner).Build())
            .Should().Throw<InvalidOperationException>().WithMessage("*outside of UseTools*");
    }

    private static Exception Failure(string name) => name switch
    {
        "interrupted" => Interrupted(),
        "timeout" => new StreamTimeoutException(StreamTimeoutPhase.FirstEvent, TimeSpan.FromSeconds(1)),
        "total" => new StreamTimeoutException(StreamTimeoutPhase.Total, TimeSpan.FromSeconds(1)),
        "queue" => new StreamLimitException(nameof(RateLimitOptions.MaxQueuedRequests), 1, 2),
        "limit" => new StreamLimitException("MaxEventBytes", 1, 2),
        "cancelled" => new OperationCanceledException(),
        "bug" => new FormatException("a bug"),
        _ => new ProviderException("test", (HttpStatusCode)int.Parse(name.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), name.Contains(' ', StringComparison.Ordinal) ? name.Split(' ')[1] : null, null)
        {
            IsRetryable = name is "500" or "529" or "408" or "429",
        },
    };

    private IStreamClient Build(IStreamClient primary, IStreamClient backup) => Build(primary, options => options.Clients.Add(new("backup", backup)));

    private IStreamClient Build(IStreamClient primary, Action<FailoverOptions> configure) => new StreamClientBuilder(primary).UseTimeProvider(_time).UseFailover(options =>
    {
        options.NextRandom = () => 0.5;
        configure(options);
    }).Build();
}
