using Streamline.TestSupport;

namespace Streamline.Tests;

internal static class ManualTime
{
    /// <summary>Reads a stream to its end and, whenever it waits for time to pass, lets it pass.</summary>
    public static async Task<(List<StreamEvent> Events, Exception? Exception)> RunAsync(this ManualTimeProvider time, IAsyncEnumerable<StreamEvent> events)
    {
        var reading = events.CatchAsync();
        while (await Task.WhenAny(reading, time.WaitForTimersAsync()).OrFail() != reading)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return await reading;
    }
}
