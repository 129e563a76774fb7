using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Workflows.Merging;

public sealed class StreamMergeTests
{
    private static readonly StreamEvent Started = new ResponseStarted { Provider = "test", Model = "m" };
    private static readonly StreamEvent Ended = new ResponseCompleted { FinishReason = FinishReason.Stop };

    // The streams that have begun, each held until the test lets it go on.
    private readonly ConcurrentDictionary<string, Channel<StreamEvent>> _open = new(StringComparer.Ordinal);
    private readonly Channel<string> _begun = Channel.CreateUnbounded<string>();
    private int _running;
    private int _maxRunning;

    [Fact]
    public async Task Open_GivesNull_IsTheFailureOfThatStreamInClearWords()
    {
        var results = await StreamMerge.MergeAsync(["a"], (_, _) => null!).ToResultsAsync().OrFail();

        results.Should().ContainSingle().Which.Failure.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("The function that opens streams returned null.");
    }

    [Fact]
    public async Task AsTheyCome_EventsOfAllStreams_HaveTheirInputs()
    {
        await using var merged = StreamMerge.MergeAsync(["a", "b"], OpenAsync).GetAsyncEnumerator();
        var next = merged.MoveNextAsync().AsTask();
        await BegunAsync(2);
        Send("b", Text("from b"));
        await next.OrFail();
        merged.Current.Should().Be(new MergedEvent<string>(1, "b", merged.Current.Event, Result: null));

        Send("a", Text("from a"));
        (await merged.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        (merged.Current.Index, merged.Current.Input).Should().Be((0, "a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    [Trait("Law", "8")]
    public async Task MaxConcurrency_IsKept_AndReached(int maxConcurrency)
    {
        var inputs = Enumerable.Range(0, 20).Select(i => $"{i}").ToArray();
        var reading = StreamMerge.MergeAsync(inputs, OpenAsync, new() { MaxConcurrency = maxConcurrency }).ToResultsAsync();
        var atOnce = Math.Min(maxConcurrency, inputs.Length);
        for (var ended = 0; ended < inputs.Length;)
        {
            var begun = await BegunAsync(Math.Min(atOnce, inputs.Length - ended));
            begun.ForEach(End);
            ended += begun.Count;
        }

        (await reading.OrFail()).Select(result => result.Input).Should().Equal(inputs);
        _maxRunning.Should().Be(atOnce);
    }

    [Fact]
    public async Task InOrder_LaterStreamsRun_ButComeAfterTheFirst()
    {
        await using var merged = StreamMerge.MergeAsync(["a", "b"], OpenAsync, new() { Order = StreamMergeOrder.InOrder }).GetAsyncEnumerator();
        var next = merged.MoveNextAsync().AsTask();
        await BegunAsync(2);
        Send("b", Text("from b"));
        End("b");
        next.IsCompleted.Should().BeFalse();
        Send("a", Text("from a"));
        End("a");
        await next.OrFail();

        List<string> seen = [merged.Current.Input];
        while (await merged.MoveNextAsync().AsTask().OrFail())
        {
            seen.Add(merged.Current.Result is null ? merged.Current.Input : merged.Current.Input + "!");
        }

        seen.Should().Equal("a", "a!", "b", "b!");
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    [Trait("Law", "3")]
    public async Task StreamThatFails_HasItsFailureAndWhatHadArrived_AndTheOthersGoOn(StreamMergeOrder order)
    {
        var broken = new StreamInterruptedException("The connection broke", bytesReceived: 10);
        var results = await StreamMerge.MergeAsync(
            ["whole", "broken", "refused", "after"],
            (input, _) => input switch
            {
                "broken" => FakeStreamClient.StreamThenThrow(broken, Started, Text("half an ans")),
                "refused" => throw new InvalidOperationException("No such model."),
                _ => FakeStreamClient.Stream([Started, Text(input), Ended]),
            },
            new() { Order = order, MaxConcurrency = 2 }).ToResultsAsync().OrFail();

        results.Select(result => (result.Index, result.Response.Text, result.Failure?.Message)).Should().Equal(
            (0, "whole", null), (1, "half an ans", broken.Message), (2, "", "No such model."), (3, "after", null));
        results[1].Failure.Should().BeSameAs(broken);
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    public async Task InputsThatFail_AreThrownAfterTheStreamsThatRun(StreamMergeOrder order)
    {
        var (seen, failure) = (new List<string>(), (Exception?)null);
        try
        {
            await foreach (var merged in StreamMerge.MergeAsync(FailingAsync(), (input, _) => FakeStreamClient.Stream([Started, Text(input), Ended]), new() { Order = order }))
            {
                seen.AddRange(merged.Result is { } result ? [result.Response.Text] : []);
            }
        }
        catch (InvalidDataException exception)
        {
            failure = exception;
        }

        seen.Should().BeEquivalentTo("a", "b");
        failure!.Message.Should().Be("No more inputs.");

        static async IAsyncEnumerable<string> FailingAsync()
        {
            yield return "a";
            await Task.Yield();
            yield return "b";
            throw new InvalidDataException("No more inputs.");
        }
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    public async Task Stopping_TakesNoFurtherInput_AndLosesNothing(StreamMergeOrder order)
    {
        using var stopping = new CancellationTokenSource();
        var (inputs, readings) = (Channel.CreateUnbounded<string>(), Channel.CreateUnbounded<bool>());
        var reading = StreamMerge.MergeAsync(IgnoringTheTokenAsync(), OpenAsync, new() { Order = order, Stopping = stopping.Token }).ToResultsAsync();
        inputs.Writer.TryWrite("a");
        await BegunAsync(1);
        await readings.Reader.ReadAsync().AsTask().OrFail();
        await readings.Reader.ReadAsync().AsTask().OrFail();
        await stopping.CancelAsync();
        inputs.Writer.TryWrite("taken by the read that was pending");
        Send("a", Text("whole"));
        End("a");
        (await BegunAsync(1)).ForEach(End);
        inputs.Writer.TryWrite("never taken");

        (await reading.OrFail()).Select(result => result.Input).Should().Equal("a", "taken by the read that was pending");

        async IAsyncEnumerable<string> IgnoringTheTokenAsync()
        {
            while (true)
            {
                readings.Writer.TryWrite(true);
                yield return await inputs.Reader.ReadAsync(CancellationToken.None);
            }
        }
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    [Trait("Law", "6")]
    public async Task Leaving_ClosesEveryStream(StreamMergeOrder order)
    {
        await foreach (var merged in StreamMerge.MergeAsync(["a", "b", "c"], (input, token) => HoldAsync(input, token, Text(input)), new() { Order = order }))
        {
            merged.Event.Should().BeOfType<TextDelta>();
            await BegunAsync(3);
            break;
        }

        _running.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Cancellation_ClosesEveryStream_AndIsThrownWithTheCallersToken()
    {
        using var cancel = new CancellationTokenSource();
        var reading = StreamMerge.MergeAsync(["a", "b", "c"], OpenAsync, cancellationToken: cancel.Token).ToResultsAsync(CancellationToken.None);
        await BegunAsync(3);
        await cancel.CancelAsync();

        (await FluentActions.Awaiting(() => reading.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
        _running.Should().Be(0);
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    [Trait("Law", "8")]
    public async Task SlowReader_HoldsBackStreamsAndInputs(StreamMergeOrder order)
    {
        var (taken, given) = (0, 0);
        const int Concurrency = 2;
        const int Buffered = 4;
        var options = new StreamMergeOptions { Order = order, MaxConcurrency = Concurrency, MaxBufferedEvents = Buffered };
        await using (var merged = StreamMerge.MergeAsync(ForeverAsync(), EndlessAsync, options).GetAsyncEnumerator())
        {
            for (var i = 0; i < 500; i++)
            {
                (await merged.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
            }

            Volatile.Read(ref given).Should().BeLessThanOrEqualTo(500 + (Concurrency * (Buffered + 2)));
        }

        taken.Should().Be(Concurrency, "streams that do not end keep their place");

        async IAsyncEnumerable<int> ForeverAsync()
        {
            while (true)
            {
                await Task.Yield();
                yield return ++taken;
            }
        }

        async IAsyncEnumerable<StreamEvent> EndlessAsync(int input, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Yield();
                Interlocked.Increment(ref given);
                yield return Text("x");
            }
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task InOrder_ShortStreamsBehindALongOne_AreBoundedToo()
    {
        var taken = 0;
        var release = new TaskCompletionSource();
        await using var merged = StreamMerge.MergeAsync(
            Enumerable.Range(0, 1_000).Select(i => taken = i),
            (input, _) => input == 0 ? FirstAsync() : FakeStreamClient.Stream([Text($"{input}"), Ended]),
            new() { Order = StreamMergeOrder.InOrder, MaxConcurrency = 3 }).GetAsyncEnumerator();
        var next = merged.MoveNextAsync().AsTask();
        release.SetResult();
        await next.OrFail();

        // The first lane is being read, three wait, and a stream each is being begun or has just ended.
        taken.Should().BeLessThan(10);

        async IAsyncEnumerable<StreamEvent> FirstAsync()
        {
            await release.Task;
            yield return Text("first");
            yield return Ended;
        }
    }

    [Theory]
    [InlineData(StreamMergeOrder.AsTheyCome)]
    [InlineData(StreamMergeOrder.InOrder)]
    public async Task MaxConcurrency_OfAnySize_CostsNothingAtTheEnd(StreamMergeOrder order)
    {
        var reading = Task.Run(() => StreamMerge.MergeAsync(["a", "b"], (_, _) => FakeStreamClient.Stream([Started, Ended]), new() { Order = order, MaxConcurrency = int.MaxValue }).ToResultsAsync());

        (await reading.OrFail()).Select(result => result.Input).Order().Should().Equal("a", "b");
    }

    [Fact]
    public async Task StreamMany_AsksOneClient()
    {
        var client = new FakeStreamClient((request, _) => FakeStreamClient.Stream([Started, Text(request.Messages[0].Text.ToUpperInvariant()), Ended]));
        var results = await client.StreamManyAsync(["a", "b", "c"], prompt => new StreamRequest { Messages = [new(ChatRole.User, prompt)] }).ToResultsAsync().OrFail();

        results.Select(result => result.Response.Text).Should().Equal("A", "B", "C");
        client.Requests.Should().HaveCount(3);
    }

    [Fact]
    public void Arguments_ThatCannotWork_AreRefusedAtOnce()
    {
        FluentActions.Invoking(() => StreamMerge.MergeAsync((IEnumerable<string>)null!, OpenAsync)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => StreamMerge.MergeAsync<string>(["a"], null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new StreamMergeOptions { MaxConcurrency = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new StreamMergeOptions { MaxBufferedEvents = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new StreamMergeOptions { Order = (StreamMergeOrder)7 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static TextDelta Text(string text) => new() { Index = 0, Text = text };

    private IAsyncEnumerable<StreamEvent> OpenAsync(string input, CancellationToken cancellationToken) => HoldAsync(input, cancellationToken);

    private async IAsyncEnumerable<StreamEvent> HoldAsync(string input, [EnumeratorCancellation] CancellationToken cancellationToken, params StreamEvent[] first)
    {
        var events = _open[input] = Channel.CreateUnbounded<StreamEvent>();
        var running = Interlocked.Increment(ref _running);
        for (int max; (max = _maxRunning) < running && Interlocked.CompareExchange(ref _maxRunning, running, max) != max;)
        {
        }

        try
        {
            _begun.Writer.TryWrite(input);
            foreach (var streamEvent in first)
            {
                yield return streamEvent;
            }

            await foreach (var streamEvent in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return streamEvent;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<List<string>> BegunAsync(int count)
    {
        var begun = new List<string>();
        while (begun.Count < count)
        {
            begun.Add(await _begun.Reader.ReadAsync().AsTask().OrFail());
        }

        return begun;
    }

    private void Send(string input, StreamEvent streamEvent) => _open[input].Writer.TryWrite(streamEvent).Should().BeTrue();

    private void End(string input) => _open[input].Writer.TryComplete();
}
