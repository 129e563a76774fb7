using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A tool that does what the test says, and notes its calls.</summary>
internal sealed class TestTool(string name, Func<AIFunctionArguments, CancellationToken, ValueTask<object?>> handler) : AIFunction
{
    private int _calls;
    private int _running;
    private int _peak;

    public TestTool(string name, object? result = null)
        : this(name, (_, _) => ValueTask.FromResult(result))
    {
    }

    public override string Name => name;

    public int Calls => Volatile.Read(ref _calls);

    public int Running => Volatile.Read(ref _running);

    public int Peak => Volatile.Read(ref _peak);

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var running = Interlocked.Increment(ref _running);
        for (var peak = Peak; running > peak; peak = Peak)
        {
            Interlocked.CompareExchange(ref _peak, running, peak);
        }

        try
        {
            return await handler(arguments, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}

/// <summary>A tool each of whose runs ends when the test says so.</summary>
internal sealed class GatedTool
{
    private readonly Channel<GatedRun> _runs = Channel.CreateUnbounded<GatedRun>();

    /// <param name="name">The name.</param>
    /// <param name="heedsToken">Whether a run ends when it is cancelled.</param>
    public GatedTool(string name, bool heedsToken = true) => Function = new TestTool(name, (arguments, token) =>
    {
        var run = new GatedRun(arguments, token);
        if (heedsToken)
        {
            token.Register(() => run.Source.TrySetCanceled(token));
        }

        _runs.Writer.TryWrite(run);
        return new ValueTask<object?>(run.Source.Task);
    });

    public TestTool Function { get; }

    /// <summary>The next run, once the tool has started.</summary>
    public Task<GatedRun> NextRunAsync() => _runs.Reader.ReadAsync().AsTask().OrFail();
}

internal sealed record GatedRun(AIFunctionArguments Arguments, CancellationToken Token)
{
    public TaskCompletionSource<object?> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Complete(object? result = null) => Source.SetResult(result);

    public void Fail(Exception exception) => Source.SetException(exception);
}
