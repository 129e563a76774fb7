using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>One run of a tool: it starts at most once, and is settled exactly once, by whatever comes first.</summary>
/// <remarks>
/// It outlives the call that it was made for when the response begins anew. Being settled is not being over: a tool that heeds its token late, or
/// not at all, keeps its place with the executor until it has really ended.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no parent, so nothing of it needs to be released; and a tool may outlive whoever would do it.")]
internal sealed class ToolInvocation(RunnableTool tool, JsonElement arguments, ToolGroup group, ToolExecutor executor) : IProgress<JsonElement>
{
    private readonly CancellationTokenSource _cancellation = new();
    private ToolOutcome? _outcome;
    private long _startedAt;

    public RunnableTool Tool => tool;

    public JsonElement Arguments => arguments;

    /// <summary>The call that the run answers, known to the reader of the stream only; <see langword="null"/> while nobody wants its result.</summary>
    public ToolCall? Call { get; set; }

    /// <summary>The calls that a failure of this one may cancel. Under the executor's lock.</summary>
    public ToolGroup Group { get; set; } = group;

    /// <summary>Whether the tool was started. Under the executor's lock.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Reports that the reader has not taken yet. Under the lock of <see cref="ToolSignals"/>.</summary>
    public Queue<JsonElement> PendingProgress { get; } = new();

    public ToolOutcome? Outcome => Volatile.Read(ref _outcome);

    /// <summary>Completes when the tool has really ended; it never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the tool on the thread pool, so that one that works before its first await does not hold up the stream.</summary>
    public void Start()
    {
        IsStarted = true;
        _startedAt = executor.Options.TimeProvider.GetTimestamp();
        executor.Signals.Add(this, ToolSignalKind.Started);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Settles the run unless it is settled.</summary>
    /// <returns>Whether it was this outcome that settled it.</returns>
    public bool TrySettle(ToolOutcome outcome)
    {
        outcome = IsStarted ? outcome with { Duration = executor.Options.TimeProvider.GetElapsedTime(_startedAt) } : outcome;
        if (Interlocked.CompareExchange(ref _outcome, outcome, comparand: null) is not null)
        {
            return false;
        }

        executor.Signals.Add(this, ToolSignalKind.Settled);
        return true;
    }

    /// <summary>Asks the tool to end.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback that the tool registered threw. It must not strike whoever cancels: a timer, another tool or the stream.
            Notify(exception);
        }
    }

    public void Report(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            throw new ArgumentException("A progress report must be a JSON value; found an undefined element.", nameof(value));
        }

        var owned = ToolJson.Own(value, executor.Options.MaxResultBytes);
        if (Outcome is null)
        {
            executor.Signals.AddProgress(this, owned);
        }
    }

    private async Task RunAsync()
    {
        var timeout = tool.Options.Timeout ?? executor.Options.DefaultTimeout;
        var timer = executor.Options.TimeProvider.CreateTimer(static run => ((ToolInvocation)run!).OnTimeout(), this, timeout, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            Finish(await InvokeAsync().ConfigureAwait(false));
        }

        executor.Release(this);
    }

    private async Task<ToolOutcome> InvokeAsync()
    {
        var withDetails = executor.Options.IncludeExceptionDetails;
        object? value;
        try
        {
            value = await tool.Function.InvokeAsync(MakeArguments(), _cancellation.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return ToolErrors.Stopped();
        }
        catch (Exception exception)
        {
            Notify(exception);
            return ToolErrors.Failed(exception, withDetails);
        }

        try
        {
            return ToolJson.ToOutcome(value, tool.Function, executor.Options.MaxResultBytes);
        }
        catch (StreamLimitException)
        {
            return ToolErrors.ResultTooLarge(executor.Options.MaxResultBytes);
        }
        catch (Exception exception)
        {
            Notify(exception);
            return ToolErrors.ResultNotJson(exception, withDetails);
        }
    }

    private AIFunctionArguments MakeArguments()
    {
        var made = new AIFunctionArguments(StringComparer.Ordinal)
        {
            Services = executor.Services,
            Context = new Dictionary<object, object?> { [typeof(IProgress<JsonElement>)] = this },
        };
        foreach (var member in arguments.EnumerateObject())
        {
            made[member.Name] = member.Value;
        }

        return made;
    }

    private void OnTimeout()
    {
        Finish(ToolErrors.TimedOut(tool.Options.Timeout ?? executor.Options.DefaultTimeout));
        Cancel();
    }

    private void Finish(ToolOutcome outcome)
    {
        if (TrySettle(outcome) && outcome.IsError)
        {
            executor.OnFailed(this);
        }
    }

    private void Notify(Exception exception)
    {
        try
        {
            executor.Options.OnToolException?.Invoke(tool.Name, exception);
        }
        catch (Exception)
        {
            // An observer must not change what it observes; the documentation of the option says so.
        }
    }
}
