using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Streamline.Tools;

/// <summary>Runs one tool once: gives it its arguments, its context and its services, and makes an outcome of whatever it does.</summary>
internal sealed class ToolInvoker(ToolLoopOptions options, IServiceProvider? services, ILogger? logger, ToolConversation conversation)
{
    private ContextCallback? _runInContext;

    /// <summary>Runs the tool of a call up to its first await that has to wait. Whatever happens, the call gets its outcome: without one its round would never end.</summary>
    /// <returns>Whether the tool has ended.</returns>
    public bool Run(ToolCall call, ToolScheduler scheduler)
    {
        if (call.ExecutionContext is { } context)
        {
            ExecutionContext.Run(context, _runInContext ??= state => RunHere((ToolCall)state!, scheduler), call);
        }
        else
        {
            RunHere(call, scheduler);
        }

        return call.IsEnded;
    }

    private void RunHere(ToolCall call, ToolScheduler scheduler)
    {
        ValueTask<ToolOutcome> running;
        try
        {
            running = InvokeAsync(call, scheduler);
        }
        catch (Exception exception)
        {
            running = new ValueTask<ToolOutcome>(ToolErrors.Failed(exception, options.IncludeExceptionDetails));
        }

        if (running.IsCompletedSuccessfully)
        {
            scheduler.End(call, running.Result);
        }
        else
        {
            _ = EndAsync(call, scheduler, running);
        }
    }

    private async Task EndAsync(ToolCall call, ToolScheduler scheduler, ValueTask<ToolOutcome> running)
    {
        ToolOutcome outcome;
        try
        {
            outcome = await running.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = ToolErrors.Failed(exception, options.IncludeExceptionDetails);
        }

        scheduler.End(call, outcome);

        // Not on this thread: it is the one that completed the task of the tool, and may be the application's.
        scheduler.StartNext(mayInline: false);
        scheduler.Events.Wake();
    }

    // What the tool does at once costs no task.
    private ValueTask<ToolOutcome> InvokeAsync(ToolCall call, ToolScheduler progress) =>
        ToolTrace.IsListenedTo ? InvokeTracedAsync(call, progress) : InvokeCoreAsync(call, progress);

    private async ValueTask<ToolOutcome> InvokeTracedAsync(ToolCall call, ToolScheduler progress)
    {
        // An async method, so that the span is the tool's alone.
        var span = ToolTrace.Start(call);
        var outcome = await InvokeCoreAsync(call, progress).ConfigureAwait(false);
        ToolTrace.End(span, outcome);
        return outcome;
    }

    private ValueTask<ToolOutcome> InvokeCoreAsync(ToolCall call, ToolScheduler progress)
    {
        if (options.ScopePerCall)
        {
            return InvokeInScopeAsync(call, progress);
        }

        try
        {
            var context = conversation.ContextOf(call, progress);
            var invoking = BeginAsync(call, context, services);
            if (!invoking.IsCompletedSuccessfully)
            {
                return AwaitAsync(call, context, invoking);
            }

            var value = invoking.Result;
            return StreamedResult.IsStream(value) ? AwaitAsync(call, context, new ValueTask<object?>(value)) : new ValueTask<ToolOutcome>(ToOutcome(value, call.Tool!.Function));
        }
        catch (Exception exception)
        {
            return new ValueTask<ToolOutcome>(ToOutcome(exception, call));
        }
    }

    /// <summary>Begins the work of a streaming tool on arguments that are still growing.</summary>
    public StreamingInput? BeginInput(ToolCall call)
    {
        if (call.Tool?.Streaming is not { } tool)
        {
            return null;
        }

        try
        {
            return new StreamingInput(tool.BeginCall(conversation.ContextOf(call, progress: null)), exception => Report(call, exception));
        }
        catch (Exception exception)
        {
            // The tool still runs on the whole arguments, as any other.
            Report(call, exception);
            return null;
        }
    }

    /// <summary>Tells a tool to stop.</summary>
    public void Cancel(ToolCall call)
    {
        try
        {
            call.Cancellation!.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback that the tool registered threw. It must not reach the code that cancels: a timer, another tool or the stream.
            Report(call, exception);
        }
    }

    private void Report(ToolCall call, Exception exception) => Report(call, ToolErrors.Failed(exception, withDetails: false));

    /// <summary>Tells observers of a failure.</summary>
    public void Report(ToolCall call, ToolOutcome outcome)
    {
        var failure = new ToolFailure { CallId = call.CallId, Name = call.Name, Round = call.Round, Kind = outcome.Failure!.Value, Exception = outcome.Exception };
        try
        {
            if (logger is not null)
            {
                ToolLog.Failed(logger, failure);
            }

            options.OnToolFailure?.Invoke(failure);
        }
        catch (Exception)
        {
            // An observer must not change what it observes; the documentation of the option says so.
        }
    }

    private static ValueTask<object?> BeginAsync(ToolCall call, ToolCallContext context, IServiceProvider? provider)
    {
        var arguments = ToArguments(call.Arguments, context, provider);
        var cancellationToken = call.Cancellation!.Token;
        return call.Input is { } input ? input.CommitAsync(arguments, cancellationToken) : call.Tool!.Function.InvokeAsync(arguments, cancellationToken);
    }

    private async ValueTask<ToolOutcome> AwaitAsync(ToolCall call, ToolCallContext context, ValueTask<object?> invoking)
    {
        try
        {
            var value = await invoking.ConfigureAwait(false);
            value = await StreamedResult.ReadAsync(value, call.Tool!, context, options.MaxResultBytes, call.Cancellation!.Token).ConfigureAwait(false);
            return ToOutcome(value, call.Tool!.Function);
        }
        catch (Exception exception)
        {
            return ToOutcome(exception, call);
        }
    }

    private async ValueTask<ToolOutcome> InvokeInScopeAsync(ToolCall call, ToolScheduler progress)
    {
        AsyncServiceScope scope;
        ToolOutcome outcome;
        try
        {
            var factory = services?.GetService<IServiceScopeFactory>()
                ?? throw new InvalidOperationException($"{nameof(ToolLoopOptions)}.{nameof(ToolLoopOptions.ScopePerCall)} needs services; the client was built without any that can make scopes.");
            scope = factory.CreateAsyncScope();
        }
        catch (Exception exception)
        {
            return ToOutcome(exception, call);
        }

        try
        {
            var context = conversation.ContextOf(call, progress);
            outcome = await AwaitAsync(call, context, BeginAsync(call, context, scope.ServiceProvider)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = ToOutcome(exception, call);
        }

        // The tool has done its work, and what it gave is the truth.
        progress.Stopper.NoteResult(call, outcome);
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Report(call, exception);
        }

        return outcome;
    }

    private ToolOutcome ToOutcome(Exception exception, ToolCall call) => exception switch
    {
        OperationCanceledException when call.Cancellation!.IsCancellationRequested => ToolErrors.Stopped(),
        StreamLimitException { LimitName: nameof(ToolLoopOptions.MaxResultBytes) } => ToolErrors.ResultTooLarge(options.MaxResultBytes),
        _ => ToolErrors.Failed(exception, options.IncludeExceptionDetails),
    };

    private ToolOutcome ToOutcome(object? value, AIFunction function)
    {
        try
        {
            return ToolJson.ToOutcome(value, function, options.MaxResultBytes);
        }
        catch (StreamLimitException)
        {
            return ToolErrors.ResultTooLarge(options.MaxResultBytes);
        }
        catch (Exception exception)
        {
            return ToolErrors.ResultNotJson(exception, options.IncludeExceptionDetails);
        }
    }

    private static AIFunctionArguments ToArguments(JsonElement arguments, ToolCallContext context, IServiceProvider? provider)
    {
        var made = new AIFunctionArguments(StringComparer.Ordinal)
        {
            Services = provider,
            Context = new Dictionary<object, object?> { [typeof(IProgress<JsonElement>)] = context, [typeof(ToolCallContext)] = context },
        };
        foreach (var member in arguments.EnumerateObject())
        {
            made[member.Name] = member.Value;
        }

        return made;
    }
}
