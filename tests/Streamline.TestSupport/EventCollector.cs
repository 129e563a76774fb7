namespace Streamline.TestSupport;

/// <summary>Reads streams to their end, keeping what came before a failure.</summary>
public static class EventCollector
{
    /// <summary>How long a test waits for what must happen before it fails rather than hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<List<StreamEvent>> CollectAsync(this IAsyncEnumerable<StreamEvent> events)
    {
        var (collected, exception) = await events.CatchAsync();
        return exception is null ? collected : throw new InvalidOperationException($"The stream failed after {collected.Count} events.", exception);
    }

    /// <summary>The events and the exception that ended them, if one did.</summary>
    public static async Task<(List<StreamEvent> Events, Exception? Exception)> CatchAsync(this IAsyncEnumerable<StreamEvent> events)
    {
        var collected = new List<StreamEvent>();
        return (collected, await Run().WaitAsync(Patience, TimeProvider.System));

        async Task<Exception?> Run()
        {
            try
            {
                await foreach (var streamEvent in events)
                {
                    collected.Add(streamEvent);
                }

                return null;
            }
            catch (Exception exception)
            {
                return exception;
            }
        }
    }

    /// <summary>The stable JSON form of events, one line each: the way to compare two streams.</summary>
    public static string ToLines(this IEnumerable<StreamEvent> events) => string.Join('\n', events.Select(StreamEventJson.Serialize));

    /// <summary>Fails, rather than hangs, when something does not happen.</summary>
    public static Task OrFail(this Task task) => task.WaitAsync(Patience, TimeProvider.System);

    /// <summary>Fails, rather than hangs, when something does not happen.</summary>
    public static Task<T> OrFail<T>(this Task<T> task) => task.WaitAsync(Patience, TimeProvider.System);
}
