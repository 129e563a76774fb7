using System.Threading.Channels;
using Streamline.TestSupport;

namespace Streamline.Tests.Workflows.Batching;

public sealed class BatchTests
{
    [Fact]
    public void Batch_MaxWeightWithoutWeigh_IsRefused() =>
        FluentActions.Invoking(() => new[] { 1 }.ToAsyncEnumerable().Batch(new BatchOptions<int> { MaxWeight = 2 }))
            .Should().Throw<ArgumentException>().WithMessage("MaxWeight needs Weigh*");

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<string> _source = Channel.CreateUnbounded<string>();

    [Theory]
    [InlineData(1, "a|b|c|d|e")]
    [InlineData(2, "ab|cd|e")]
    [InlineData(5, "abcde")]
    [InlineData(9, "abcde")]
    public async Task Batch_BySize_GivesAllItemsInOrder(int size, string expected)
    {
        var batches = await Items("abcde").Batch(size, Timeout.InfiniteTimeSpan).Select(batch => string.Concat(batch)).ToListAsync();

        string.Join('|', batches).Should().Be(expected);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Batch_ThatIsNotFull_ComesWhenItsFirstItemHasWaitedLongEnough()
    {
        await using var batches = Read(new() { MaxCount = 10, MaxWait = MaxWait, TimeProvider = _time });
        Send("a");
        var next = batches.MoveNextAsync().AsTask();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(MaxWait / 2);
        Send("b"); // does not begin the time anew
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance((MaxWait / 2) - TimeSpan.FromMilliseconds(1));
        next.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await next.OrFail()).Should().BeTrue();
        batches.Current.Should().Equal("a", "b");
        _time.ActiveTimers.Should().Be(0, "nothing is timed while no batch is begun");
    }

    [Fact]
    public async Task Batch_AfterAPause_BeginsItsTimeWithItsOwnFirstItem()
    {
        await using var batches = Read(new() { MaxCount = 10, MaxWait = MaxWait, TimeProvider = _time });
        var next = batches.MoveNextAsync().AsTask();
        _time.Advance(MaxWait * 5);
        Send("a");
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(MaxWait);

        (await next.OrFail()).Should().BeTrue();
        batches.Current.Should().Equal("a");
    }

    [Fact]
    public async Task Batch_WithoutWaiting_GivesWhatIsThere()
    {
        await using var batches = Read(new() { MaxCount = 10, MaxWait = TimeSpan.Zero, TimeProvider = _time });
        Send("a");
        Send("b");
        (await batches.MoveNextAsync()).Should().BeTrue();

        batches.Current.Should().Equal("a", "b");
    }

    [Theory]
    [InlineData(4, "aa,bb|cccccc|d,ee")]
    [InlineData(3, "aa|bb|cccccc|d,ee")]
    [InlineData(1, "aa|bb|cccccc|d|ee")]
    [InlineData(100, "aa,bb,cccccc,d,ee")]
    public async Task Batch_ByWeight_KeepsUnderTheLimit_AndAnItemThatIsHeavierIsAlone(long maxWeight, string expected)
    {
        string[] items = ["aa", "bb", "cccccc", "d", "ee"];
        var batches = await items.ToAsyncEnumerable().Batch(new BatchOptions<string> { MaxWeight = maxWeight, Weigh = item => item.Length }).ToListAsync();

        string.Join('|', batches.Select(batch => string.Join(',', batch))).Should().Be(expected);
    }

    [Fact]
    public async Task SourceThatFails_GivesWhatItHadGivenFirst()
    {
        await using var batches = Read(new() { MaxCount = 10 });
        Send("a");
        _source.Writer.Complete(new InvalidDataException("The log is gone."));

        (await batches.MoveNextAsync()).Should().BeTrue();
        batches.Current.Should().Equal("a");
        (await batches.Awaiting(each => each.MoveNextAsync().AsTask()).Should().ThrowAsync<InvalidDataException>()).WithMessage("The log is gone.");
    }

    [Fact]
    public async Task WeightThatCannotBeTold_LosesNoItem()
    {
        var options = new BatchOptions<string> { Weigh = item => item == "b" ? throw new InvalidDataException("No weight.") : 1 };
        await using var batches = Items("abc").Batch(options).GetAsyncEnumerator();

        (await batches.MoveNextAsync()).Should().BeTrue();
        batches.Current.Should().Equal("a", "b");
        await batches.Awaiting(each => each.MoveNextAsync().AsTask()).Should().ThrowAsync<InvalidDataException>();
    }

    [Fact]
    public async Task Stopping_WhileTheSourceIsAwaited_GivesTheRestAndEnds()
    {
        using var stopping = new CancellationTokenSource();
        await using var batches = Read(new() { MaxCount = 10, MaxWait = MaxWait, TimeProvider = _time, Stopping = stopping.Token });
        Send("a");
        var next = batches.MoveNextAsync().AsTask();
        await _time.WaitForTimersAsync().OrFail();
        await stopping.CancelAsync();

        (await next.OrFail()).Should().BeTrue();
        batches.Current.Should().Equal("a");
        (await batches.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }

    [Fact]
    public async Task Stopping_ItemOfAPendingRead_IsNotLost()
    {
        using var stopping = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        await using var batches = SlowAsync().Batch(new BatchOptions<string> { MaxWait = MaxWait, TimeProvider = _time, Stopping = stopping.Token }).GetAsyncEnumerator();
        var first = batches.MoveNextAsync().AsTask();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(MaxWait);
        (await first.OrFail()).Should().BeTrue();

        await stopping.CancelAsync(); // the source does not heed it: its read has begun
        gate.SetResult();
        (await batches.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        batches.Current.Should().Equal("late");
        (await batches.MoveNextAsync().AsTask().OrFail()).Should().BeFalse("no further item is read");

        async IAsyncEnumerable<string> SlowAsync()
        {
            yield return "early";
            await gate.Task;
            yield return "late";
            yield return "never read";
        }
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Cancellation_IsThrownWithTheCallersToken()
    {
        using var cancel = new CancellationTokenSource();
        await using var batches = _source.Reader.ReadAllAsync(CancellationToken.None).Batch(2, MaxWait, cancel.Token).GetAsyncEnumerator();
        var next = batches.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        _source.Writer.Complete();

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task SlowConsumer_HoldsTheSourceBack()
    {
        var given = 0;
        await using var batches = CountAsync().Batch(3, Timeout.InfiniteTimeSpan).GetAsyncEnumerator();
        await batches.MoveNextAsync();
        given.Should().Be(3);
        await batches.MoveNextAsync();

        given.Should().Be(6);

        async IAsyncEnumerable<int> CountAsync()
        {
            while (true)
            {
                await Task.Yield();
                yield return ++given;
            }
        }
    }

    [Fact]
    public async Task Leaving_ClosesTheSource()
    {
        var isClosed = false;
        await foreach (var batch in ForeverAsync().Batch(2, Timeout.InfiniteTimeSpan))
        {
            batch.Should().HaveCount(2);
            break;
        }

        isClosed.Should().BeTrue();

        async IAsyncEnumerable<int> ForeverAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Yield();
                    yield return 1;
                }
            }
            finally
            {
                isClosed = true;
            }
        }
    }

    [Fact]
    public void Arguments_ThatCannotWork_AreRefusedAtOnce()
    {
        FluentActions.Invoking(() => Items("a").Batch(0, MaxWait)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Items("a").Batch(1, TimeSpan.FromSeconds(-1))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new BatchOptions<int> { MaxWeight = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ((IAsyncEnumerable<int>)null!).Batch(1, MaxWait)).Should().Throw<ArgumentNullException>();
    }

    private static IAsyncEnumerable<string> Items(string letters) => letters.Select(letter => letter.ToString()).ToAsyncEnumerable();

    private IAsyncEnumerator<IReadOnlyList<string>> Read(BatchOptions<string> options) => _source.Reader.ReadAllAsync().Batch(options).GetAsyncEnumerator();

    private void Send(string item) => _source.Writer.TryWrite(item).Should().BeTrue();
}
