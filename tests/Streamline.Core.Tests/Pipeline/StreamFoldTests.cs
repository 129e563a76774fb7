using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Pipeline;

/// <summary>The events of a stream are folded once, by its outermost stage.</summary>
public sealed class StreamFoldTests
{
    public static TheoryData<string> Stages => ["retry", "timeouts", "backpressure", "fold", "all", "custom"];

    [Theory]
    [MemberData(nameof(Stages))]
    [Trait("Law", "6")]
    public async Task Stage_AsTheOutermost_FoldsInStepWithItsEvents(string stage)
    {
        StreamEvent[] all = [Started("r1"), Words("a"), KeepAlive.Instance, Words("b"), Words("c", index: 1), Completed()];
        var events = Build(stage, FakeStreamClient.Of(all)).StreamAsync(Request).GetAsyncEnumerator();
        var expected = new StreamState();
        var state = StreamFold.StateOf(events)!;
        while (await events.MoveNextAsync())
        {
            expected.Apply(events.Current);

            Describe(state).Should().Be(Describe(expected));
        }

        expected.Text.Should().Be("abc");
        await events.DisposeAsync();
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("timeouts")]
    [InlineData("backpressure")]
    public async Task Stage_InsideOfAnother_DoesNotFold(string stage)
    {
        var events = Build(stage, FakeStreamClient.Of(Started(), Words("a"), Completed())).StreamAsync(Request);

        var unfolded = StreamFold.GetUnfoldedEnumerator(events, CancellationToken.None);

        while (await unfolded.MoveNextAsync())
        {
            StreamFold.StateOf(unfolded).Should().BeNull();
        }

        await unfolded.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Stages))]
    [Trait("Law", "4")]
    public async Task Stage_SourceFails_ExceptionCarriesWhatWasHandedOut(string stage)
    {
        var client = Build(stage, new FakeStreamClient(Fails(Interrupted(), Started("r1"), Words("the beginning"))));

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        TextOf(events).Should().Be("the beginning");
        PartialResponse.TryGet(exception!, out var partial).Should().BeTrue();
        partial!.Text.Should().Be("the beginning");
        partial.ResponseId.Should().Be("r1");
    }

    [Theory]
    [MemberData(nameof(Stages))]
    [Trait("Law", "9")]
    public async Task Stage_TwoTokens_TheExceptionHasTheOneThatWasCancelled(string stage)
    {
        using var ofCall = new CancellationTokenSource();
        using var ofEnumeration = new CancellationTokenSource();
        foreach (var cancelled in new[] { ofCall, ofEnumeration })
        {
            var source = new FakeStreamClient(Stalls(Started(), Words("a")));
            var events = Build(stage, source).StreamAsync(Request, ReferenceEquals(cancelled, ofCall) ? ofCall.Token : default).GetAsyncEnumerator(ofEnumeration.Token);
            while (await events.MoveNextAsync().AsTask().OrFail() && events.Current is not TextDelta)
            {
            }

            var waiting = events.MoveNextAsync().AsTask();
            await cancelled.CancelAsync();

            var thrown = await FluentActions.Awaiting(() => waiting.OrFail()).Should().ThrowAsync<OperationCanceledException>();
            thrown.Which.CancellationToken.Should().Be(cancelled.Token);
            thrown.Which.GetPartialResponse()!.Text.Should().Be("a");
            await events.DisposeAsync();
            source.Open.Should().Be(0);
        }
    }

    [Fact]
    public async Task Custom_MiddlewareThatChangesTheText_IsFoldedAsItWasSeen()
    {
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Words("secret"), Completed()))
            .Use((request, inner, token) => Redacted(inner.StreamAsync(request, token)))
            .UseRetry().UseTimeouts().UseBackpressure()
            .Build();

        (await client.GetResponseAsync(Request)).Text.Should().Be("******");
        (await client.AsChatClient().GetStreamingResponseAsync("Hi").ToChatResponseAsync()).Text.Should().Be("******");

        static async IAsyncEnumerable<StreamEvent> Redacted(IAsyncEnumerable<StreamEvent> events)
        {
            await foreach (var streamEvent in events)
            {
                yield return streamEvent is TextDelta delta ? Words(new string('*', delta.Text.Length)) : streamEvent;
            }
        }
    }

    [Fact]
    public async Task Create_Iterator_FindsInItsStateWhatItHasYielded()
    {
        var seen = new List<string>();
        var events = StreamFold.Create((state, _) => Body(state), 1000, CancellationToken.None);

        await events.CollectAsync();

        seen.Should().Equal("", "a", "ab");

        async IAsyncEnumerable<StreamEvent> Body(StreamState state)
        {
            await Task.Yield();
            seen.Add(state.Text);
            yield return Words("a");
            seen.Add(state.Text);
            yield return Words("b");
            seen.Add(state.Text);
        }
    }

    [Fact]
    public async Task Exception_WithAContinuationToken_KeepsItUnderTheFold()
    {
        var token = ResponseContinuationToken.FromBytes(new byte[] { 1, 2, 3 });
        var failure = Interrupted();
        failure.SetPartialResponse(new ChatResponse { ContinuationToken = token });
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(failure, Started("r1"), Words("a")))).UseTimeouts().Build();

        var (_, exception) = await client.StreamAsync(Request).CatchAsync();

        exception!.GetPartialResponse()!.ContinuationToken.Should().BeSameAs(token);
        exception!.GetPartialResponse()!.Text.Should().Be("a");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Fold_PastTheBound_StreamContinuesAndOnlyWhoNeedsTheWholeFails()
    {
        var source = new FakeStreamClient(Ends(Started("r1"), Words(new string('a', 60)), Words(new string('b', 60)), Words("c", index: 1), Completed()))
        {
            Metadata = new StreamClientMetadata { Provider = "test", MaxRetainedChars = StreamState.BlockCost + 100 },
        };
        var client = new StreamClientBuilder(source).UseRetry().UseBackpressure().Build();

        (await client.StreamAsync(Request).CollectAsync()).Should().HaveCount(5);
        (await client.AsChatClient().GetStreamingResponseAsync("Hi").ToChatResponseAsync()).Text.Should().Be(new string('a', 60) + new string('b', 60) + "c");
        var limit = (await FluentActions.Awaiting(() => client.GetResponseAsync(Request)).Should().ThrowAsync<StreamLimitException>()).Which;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be(("MaxRetainedChars", StreamState.BlockCost + 100, StreamState.BlockCost + 120));
        limit.PartialResponse!.Text.Should().Be(new string('a', 60));
    }

    [Fact]
    public void Arguments_Wrong_Throw()
    {
        FluentActions.Invoking(() => StreamFold.Create(null!, 1, default)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => StreamFold.Create((_, _) => FakeStreamClient.Stream([]), -1, default)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => StreamFold.GetUnfoldedEnumerator(null!, default)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => PartialResponse.TryGet(null!, out _)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => PartialResponse.Set(null!, null)).Should().Throw<ArgumentNullException>();
    }

    private static string Describe(StreamState state) => $"{state.ResponseId} {state.Text} {state.Blocks.Count} {state.FinishReason}";

    private static IStreamClient Build(string stage, IStreamClient source)
    {
        var builder = new StreamClientBuilder(source);
        return stage switch
        {
            "retry" => builder.UseRetry().Build(),
            "timeouts" => builder.UseTimeouts().Build(),
            "backpressure" => builder.UseBackpressure(options => options.Capacity = 1).Build(),
            "all" => builder.UseDefaults().Build(),
            "fold" => new Folding(source),
            _ => builder.Use((request, inner, token) => Through(inner, request, token)).UseDefaults().Build(),
        };
    }

    private static async IAsyncEnumerable<StreamEvent> Through(IStreamClient inner, StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in inner.StreamAsync(request, cancellationToken))
        {
            yield return streamEvent;
        }
    }

    private sealed class Folding(IStreamClient inner) : DelegatingStreamClient(inner)
    {
        public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
            StreamFold.Create((_, token) => Through(Inner, request, token), 1000, cancellationToken);
    }
}
