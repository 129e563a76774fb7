using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Streamline.Resilience;

namespace Streamline.Diagnostics;

/// <summary>Logs what happens to streams; see <see cref="StreamLoggingOptions"/>.</summary>
internal sealed class LoggingStreamClient(IStreamClient inner, ILogger logger, StreamLoggingOptions options, TimeProvider time) : IteratorStageClient(inner)
{
    private const int MaxChars = 1025; // as the events themselves

    private readonly StreamClientMetadata? _metadata = inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        StreamLog.Sending(logger, _metadata?.Provider ?? "the client", request.Options?.ModelId ?? _metadata?.DefaultModel, request.Messages.Count, null);
        var hasEnded = false;
        var events = OpenInner(request, cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                    {
                        hasEnded = true;
                        break;
                    }
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    hasEnded = true;
                    LogFailure(exception, time.GetElapsedTime(start).TotalSeconds);
                    throw;
                }

                Log(events.Current, start);
                yield return events.Current;
            }
        }
        finally
        {
            await events.DisposeAsync().ConfigureAwait(false);
            if (!hasEnded)
            {
                StreamLog.Left(logger, time.GetElapsedTime(start).TotalSeconds, null);
            }
        }
    }

    private void Log(StreamEvent streamEvent, long start)
    {
        if (options.LogContent && logger.IsEnabled(LogLevel.Trace))
        {
            LogContent(streamEvent);
        }

        switch (streamEvent)
        {
            case TextDelta or ReasoningDelta or ToolInputDelta:
                break;
            case ResponseStarted started:
                StreamLog.Started(logger, started.Provider, started.Model, started.ResponseId, started.RequestId, null);
                break;
            case ResponseCompleted completed:
                StreamLog.Completed(logger, completed.FinishReason.ToString(), time.GetElapsedTime(start).TotalSeconds, completed.Usage?.InputTokens, completed.Usage?.OutputTokens, null);
                break;
            case RetryScheduled retry:
                StreamLog.Retrying(logger, retry.Attempt, retry.Reason, retry.Delay.TotalSeconds, null);
                break;
            case StreamRestarted restarted:
                StreamLog.Restarted(logger, restarted.Reason, null);
                break;
            case StreamResumed resumed:
                StreamLog.Resumed(logger, resumed.Reason, null);
                break;
            case ClientChanged changed:
                StreamLog.ClientChanged(logger, changed.Client, changed.Previous, changed.Kind, changed.Reason, null);
                break;
            case HedgeEnded ended:
                StreamLog.Hedged(logger, ended.Winner, ended.Loser, null);
                break;
            case RateLimitWait wait:
                StreamLog.Waiting(logger, wait.Resource, wait.Delay.TotalSeconds, wait.Position, null);
                break;
            case ToolResult result:
                StreamLog.ToolEnded(logger, result.Name, result.IsError, result.Duration.TotalSeconds, null);
                break;
            default:
                break;
        }
    }

    // The message of an exception may repeat what the provider was sent, and cannot be redacted.
    private void LogFailure(Exception exception, double seconds)
    {
        var provider = exception as ProviderException;
        StreamLog.Failed(
            logger, FailureWords.Of(exception), seconds, exception.GetType().Name, (int?)provider?.StatusCode, provider?.Code, provider?.RequestId,
            options is { LogContent: true, Redact: null } ? exception : null);
    }

    private void LogContent(StreamEvent streamEvent)
    {
        string? text;
        try
        {
            // All of it is redacted before it is cut: half of a secret may not be known as one.
            text = options.Redact is { } redact ? redact(StreamEventJson.Serialize(streamEvent)) : streamEvent.ToString();
        }
        catch (Exception)
        {
            return; // a fault of the application must not end its stream, and the text must not be logged
        }

        if (text is not null)
        {
            StreamLog.Event(logger, text.Length <= MaxChars ? text : text[..(MaxChars - 1)] + "…", null);
        }
    }
}
