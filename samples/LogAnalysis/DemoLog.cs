namespace LogAnalysisSample;

/// <summary>A shop that writes a log for about a second.</summary>
internal static class DemoLog
{
    private const int Lines = 50;

    /// <summary>Writes the log, a line at a time, and then asks to stop.</summary>
    public static async Task WriteAsync(string path, CancellationTokenSource whenDone)
    {
        await using (var log = new StreamWriter(path) { AutoFlush = true })
        {
            for (var i = 1; i <= Lines; i++)
            {
                await log.WriteLineAsync(i % 16 == 0 ? $"ERROR order {i}: the card was declined" : $"INFO order {i} was paid");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        await whenDone.CancelAsync();
    }
}
