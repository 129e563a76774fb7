using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Streamline.Tools;

/// <summary>Runs one tool once: gives it its arguments, its context and its services, and makes an outcome of whatever it does.</summary>
internal sealed class ToolInvoker(ToolLoopOptions options, IServiceProvider? services, ILogger? logger, ToolConversation conversation)
{
    /// <summary>Runs the tool of a call. Never throws.</summary>
    public async Task<ToolOutcome> InvokeAsync(ToolCall call, Action<ToolCall, JsonElement> onProgress)
    {
        try
        {
            if (!options.ScopePerCall)
            {
                return await InvokeAsync(call, onProgress, services).ConfigureAwait(false);
            }

            var factory = services?.GetService<IServiceScopeFactory>()
                ?? throw new InvalidOperationException($"{nameof(ToolLoopOptions)}.{nameof(ToolLoopOptions.ScopePerCall)} needs services; the client was built without any that can make scopes.");
            var scope = factory.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                return await InvokeAsync(call, onProgress, scope.ServiceProvider).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            return ToolErrors.Failed(exception, options.IncludeExceptionDetails);
        }
    }

    /// <summary>Begins the work of a streaming tool on arguments that are still growing.</summary>
    public StreamingInput? BeginInput(ToolCall call)
    {
        if (call.Tool?.Function.GetService<StreamingTool>() is not { } tool)
        {
            return null;
        }

        try
        {
            return new StreamingInput(tool.BeginCall(conversation.ContextOf(call, onProgress: null)), exception => Report(call, ToolErrors.Failed(exception, withDetails: false)));
        }
        catch (Exception exception)
        {
            // The tool still runs on the whole arguments, as any other.
            Report(call, ToolErrors.Failed(exception, withDetails: false));
            return null;
        }
    }

    /// <summary>Tells a tool to stop.</summary>
    public void Cancel(ToolCall call)
    {
        try
        {
            call.Cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback that the tool registered threw. It must not strike whoever cancels: a timer, another tool or the stream.
            Report(call, ToolErrors.Failed(exception, withDetails: false));
        }
    }

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

    private async Task<ToolOutcome> InvokeAsync(ToolCall call, Action<ToolCall, JsonElement> onProgress, IServiceProvider? provider)
    {
        var context = conversation.ContextOf(call, progress => onProgress(call, ToolJson.Own(progress, options.MaxResultBytes)));
        var arguments = ToArguments(call.Arguments, context, provider);
        object? value;
        try
        {
            var cancellationToken = call.Cancellation.Token;
            value = call.Input is { } input
                ? await input.CommitAsync(arguments, cancellationToken).ConfigureAwait(false)
                : await call.Tool!.Function.InvokeAsync(arguments, cancellationToken).ConfigureAwait(false);
            value = await StreamedResult.ReadAsync(value, call.Tool!, context, options.MaxResultBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            return ToolErrors.Stopped();
        }
        catch (StreamLimitException limit) when (limit.LimitName == nameof(ToolLoopOptions.MaxResultBytes))
        {
            return ToolErrors.ResultTooLarge(options.MaxResultBytes);
        }

        return ToOutcome(value, call.Tool!.Function);
    }

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
