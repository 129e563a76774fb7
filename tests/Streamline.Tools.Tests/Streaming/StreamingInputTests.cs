using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>The pace of one call of a streaming tool, whose work ends when the test says so.</summary>
public sealed class StreamingInputTests
{
    private readonly GatedCall _call = new();
    private readonly List<Exception> _failures = [];
    private readonly StreamingInput _input;

    public StreamingInputTests() => _input = new StreamingInput(_call, _failures.Add);

    [Fact]
    public async Task Offer_WhileTheToolWorks_WaitsAndIsReplacedByTheNext()
    {
        Offer("a");
        var first = await _call.NextAsync();
        Offer("b");
        Offer("c");
        await CompleteAsync(first);
        await CompleteAsync(await _call.NextAsync());
        (await CommitAsync()).Should().Be("done");
        _call.Log.Should().Be("a; c; commit");
    }

    [Fact]
    public async Task Offer_AfterTheToolWasReady_IsGivenToIt()
    {
        Offer("a");
        await CompleteAsync(await _call.NextAsync());
        Offer("b");
        await CompleteAsync(await _call.NextAsync());
        _call.Log.Should().Be("a; b");
    }

    [Fact]
    public async Task Commit_WaitsForTheTool_AndSkipsWhatItHasNotTaken()
    {
        Offer("a");
        var first = await _call.NextAsync();
        Offer("b");
        var commit = CommitAsync();
        _call.Log.Should().Be("a", "the methods of a call never run at the same time");
        await CompleteAsync(first);
        await commit.OrFail();
        _call.Log.Should().Be("a; commit");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Failure_OfTheTool_EndsItsInput_AndIsThatOfTheCommit()
    {
        Offer("a");
        var failure = new InvalidOperationException("The disk is full.");
        var first = await _call.NextAsync();
        await Task.Run(() => first.SetException(failure));
        Offer("b");
        (await FluentActions.Awaiting(CommitAsync).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(failure);
        _call.Log.Should().Be("a; roll back");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task RollBack_AfterTheCommit_DoesNothing()
    {
        await CommitAsync();
        await _input.RollBackAsync().OrFail();
        Offer("late");
        _call.Log.Should().Be("commit");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task RollBack_Twice_RollsBackOnce_AndNoCommitFollows()
    {
        await Task.WhenAll(_input.RollBackAsync(), _input.RollBackAsync()).OrFail();
        (await FluentActions.Awaiting(CommitAsync).Should().ThrowAsync<InvalidOperationException>()).WithMessage("*rolled back already*");
        Offer("late");
        await _input.RollBackAsync().OrFail();
        _call.Log.Should().Be("roll back");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task RollBack_CancelsTheTool_AndWaitsForIt()
    {
        Offer("a");
        var first = await _call.NextAsync();
        Offer("b");
        var rollBack = _input.RollBackAsync();
        await _call.Cancelled.OrFail();
        _call.Log.Should().Be("a");
        await CompleteAsync(first);
        await rollBack.OrFail();
        _call.Log.Should().Be("a; roll back");
    }

    [Fact]
    public async Task RollBack_ThatFails_IsReported_AndDoesNotFail()
    {
        _call.RollBackFailure = new IOException("gone");
        await _input.RollBackAsync().OrFail();
        _failures.Should().Equal(_call.RollBackFailure);
    }

    [Fact]
    public async Task Commit_ThatFails_IsRolledBack_BeforeItIsReported()
    {
        _call.CommitFailure = new IOException("full");
        (await FluentActions.Awaiting(CommitAsync).Should().ThrowAsync<IOException>()).Which.Should().BeSameAs(_call.CommitFailure);
        _call.Log.Should().Be("commit; roll back");
    }

    // On a thread without a context, what awaits the task has run when this returns.
    private static Task CompleteAsync(TaskCompletionSource work) => Task.Run(work.SetResult);

    private Task<object?> CommitAsync() => _input.CommitAsync([], CancellationToken.None).AsTask();

    private void Offer(string text)
    {
        var document = new PartialJsonDocument();
        document.Append($"\"{text}\"");
        _input.Offer(document.RootElement);
    }

    private sealed class GatedCall : StreamingToolCall
    {
        private readonly System.Threading.Channels.Channel<TaskCompletionSource> _work = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource>();
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> _log = [];

        public Exception? RollBackFailure { get; set; }

        public Exception? CommitFailure { get; set; }

        public Task Cancelled => _cancelled.Task;

        public string Log
        {
            get
            {
                lock (_log)
                {
                    return string.Join("; ", _log);
                }
            }
        }

        /// <summary>The next input, once the tool works on it.</summary>
        public Task<TaskCompletionSource> NextAsync() => _work.Reader.ReadAsync().AsTask().OrFail();

        public override ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken)
        {
            Note(input.GetString()!);
            cancellationToken.Register(_cancelled.SetResult);
            var work = new TaskCompletionSource();
            _work.Writer.TryWrite(work);
            return new ValueTask(work.Task);
        }

        public override ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            Note("commit");
            return CommitFailure is { } failure ? throw failure : new ValueTask<object?>("done");
        }

        public override ValueTask RollBackAsync()
        {
            Note("roll back");
            return RollBackFailure is { } failure ? throw failure : ValueTask.CompletedTask;
        }

        private void Note(string text)
        {
            lock (_log)
            {
                _log.Add(text);
            }
        }
    }
}
