using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Allocations;

/// <summary>What decoding a recording allocates.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Bytes">Bytes allocated by one reading, once everything is warm.</param>
internal sealed record DecodingAllocations(Recording Recording, long Bytes)
{
    private const int WarmUps = 3;
    private const int Runs = 5;

    /// <summary>Measures every recording of a protocol that ends properly.</summary>
    public static async Task<List<DecodingAllocations>> MeasureAsync(string protocol)
    {
        var measured = new List<DecodingAllocations>();
        foreach (var recording in Recordings.All().Where(recording => recording.Protocol.Name == protocol))
        {
            if (await EndsProperlyAsync(recording))
            {
                measured.Add(new(recording, await MeasureAsync(recording)));
            }
        }

        return measured;
    }

    /// <summary>The least of several readings: another one may have found the pool of buffers empty.</summary>
    private static async Task<long> MeasureAsync(Recording recording)
    {
        var least = long.MaxValue;
        for (var run = 0; run < WarmUps + Runs; run++)
        {
            // All bytes are there already, so that no read waits and everything runs on this thread.
            var thread = Environment.CurrentManagedThreadId;
            var before = GC.GetAllocatedBytesForCurrentThread();
            await ReadAsync(recording);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Environment.CurrentManagedThreadId.Should().Be(thread, "only this thread is measured");
            least = Math.Min(least, allocated);
        }

        return least;
    }

    private static async Task<bool> EndsProperlyAsync(Recording recording)
    {
        try
        {
            await ReadAsync(recording);
            return true;
        }
        catch (StreamlineException)
        {
            return false;
        }
    }

    /// <summary>Reads a recording as an application does, without keeping the events.</summary>
    private static async Task ReadAsync(Recording recording)
    {
        await foreach (var streamEvent in recording.Protocol.ReadAsync(new MemoryStream(recording.Body)))
        {
            _ = streamEvent;
        }
    }
}
