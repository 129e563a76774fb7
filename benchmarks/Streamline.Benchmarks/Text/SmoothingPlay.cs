using Streamline.Text;

namespace Streamline.Benchmarks.Text;

/// <summary>Plays a stream to the queue of <c>UseSmoothing</c>, by a clock that it moves itself.</summary>
internal static class SmoothingPlay
{
    /// <param name="events">The events of a stream.</param>
    /// <param name="burst">How many of them arrive at once.</param>
    /// <param name="every">The time between two arrivals.</param>
    /// <param name="delays">Gets the milliseconds from the arrival of each character of text to its showing.</param>
    /// <param name="largest">The most characters that were shown at one moment before the end.</param>
    public static void Add(IReadOnlyList<StreamEvent> events, int burst, TimeSpan every, List<double> delays, ref int largest)
    {
        var queue = new SmoothingQueue(new SmoothingOptions());
        var arrivals = new Queue<TimeSpan>(); // of the characters that were not shown yet
        var now = TimeSpan.Zero;
        for (var i = 0; i < events.Count; i++)
        {
            var arrival = every * (i / burst);
            RunTo(arrival, ref largest);
            now = arrival;
            queue.Add(events[i], now);
            if (events[i] is TextDelta delta)
            {
                for (var k = 0; k < delta.Text.Length; k++)
                {
                    arrivals.Enqueue(now);
                }
            }
        }

        RunTo(TimeSpan.MaxValue, ref largest);

        void RunTo(TimeSpan end, ref int most)
        {
            while (queue.UntilDue(now) is { } due && (end == TimeSpan.MaxValue || now + due <= end))
            {
                now += due;
                var shown = 0;
                while (queue.TryTake(now, out var streamEvent))
                {
                    for (var k = 0; k < ((streamEvent as TextDelta)?.Text.Length ?? 0); k++)
                    {
                        delays.Add((now - arrivals.Dequeue()).TotalMilliseconds);
                        shown++;
                    }
                }

                most = Math.Max(most, shown);
            }
        }
    }
}
