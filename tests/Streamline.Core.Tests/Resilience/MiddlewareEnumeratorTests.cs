using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience;

/// <summary>What the enumerators of all stages have in common at their edges.</summary>
[Trait("Law", "9")]
public sealed class MiddlewareEnumeratorTests
{
    public static TheoryData<string> Stages => ["retry", "timeouts", "backpressure"];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Current_BeforeTheFirstMove_SaysSo(string stage)
    {
        var source = FakeStreamClient.Of(Words("a"), Completed());
        await using var events = Build(stage, source).StreamAsync(Request).GetAsyncEnumerator();

        FluentActions.Invoking(() => events.Current).Should().Throw<InvalidOperationException>().WithMessage("The enumeration has not begun.");
        (await events.MoveNextAsync()).Should().BeTrue();
        events.Current.Should().BeOfType<TextDelta>();
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task DisposeAsync_BeforeTheFirstMove_AsksNobody(string stage)
    {
        var source = FakeStreamClient.Of(Words("a"), Completed());

        await Build(stage, source).StreamAsync(Request).GetAsyncEnumerator().DisposeAsync();

        source.Requests.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task MoveNextAsync_AfterTheEnd_StaysThere(string stage)
    {
        var source = FakeStreamClient.Of(Words("a"), Completed());
        await using var events = Build(stage, source).StreamAsync(Request).GetAsyncEnumerator();
        while (await events.MoveNextAsync())
        {
        }

        (await events.MoveNextAsync()).Should().BeFalse();
        (await events.MoveNextAsync()).Should().BeFalse();
        source.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("timeouts", true)]
    [InlineData("backpressure", true)]
    [InlineData("backpressure", false)]
    [Trait("Law", "14")]
    public async Task MoveNextAsync_AfterAFailure_IsNotAnEnd(string stage, bool isCancelled)
    {
        using var cancellation = new CancellationTokenSource();
        var source = new FakeStreamClient(isCancelled ? Stalls(Words("a")) : Fails(Interrupted(), Words("a")));
        await using var events = Build(stage, source).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        var failing = events.MoveNextAsync().AsTask();
        if (isCancelled)
        {
            await cancellation.CancelAsync();
        }

        var failure = (await FluentActions.Awaiting(() => failing.OrFail()).Should().ThrowAsync<Exception>()).Which;

        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<Exception>()).Which.GetType().Should().Be(failure.GetType());
    }

    private static IStreamClient Build(string stage, IStreamClient source) => (stage switch
    {
        "retry" => new StreamClientBuilder(source).UseRetry(),
        "timeouts" => new StreamClientBuilder(source).UseTimeouts(),
        _ => new StreamClientBuilder(source).UseBackpressure(),
    }).Build();
}
