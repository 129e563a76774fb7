using System.Text;
using Streamline.Sse;

namespace Streamline.Tests.Sse;

/// <summary>Everything that a stream led to.</summary>
internal sealed record SseRun(
    IReadOnlyList<SseItem> Items,
    IReadOnlyList<long> Offsets,
    string LastEventId,
    TimeSpan? ReconnectionInterval,
    string UnrecognizedText,
    long BytesConsumed)
{
    private const byte Poison = 0xFF;

    /// <summary>Runs the bare state machine. Each chunk is destroyed when it is used up, so that a value not copied in time shows.</summary>
    public static SseRun Parse(IEnumerable<ReadOnlyMemory<byte>> chunks, SseReaderOptions? options = null)
    {
        var parser = new SseEventParser(options ?? new SseReaderOptions());
        var items = new List<SseItem>();
        var offsets = new List<long>();
        foreach (var chunk in chunks)
        {
            var input = chunk.ToArray();
            while (parser.MoveNext(input))
            {
                Add(parser.GetCurrent(input));
            }

            input.AsSpan().Fill(Poison);
        }

        while (parser.Complete())
        {
            Add(parser.GetCurrent(default));
        }

        var run = new SseRun(items, offsets, parser.LastEventId, parser.ReconnectionInterval, parser.UnrecognizedText, parser.BytesConsumed);
        parser.Release();
        return run;

        void Add(SseEvent e)
        {
            items.Add(Copy(e));
            offsets.Add(e.Offset);
        }
    }

    public static SseRun Parse(ReadOnlyMemory<byte> whole, SseReaderOptions? options = null) => Parse([whole], options);

    public static SseRun Parse(string whole, SseReaderOptions? options = null) => Parse(Encoding.UTF8.GetBytes(whole), options);

    /// <summary>Reads with the reader's two methods.</summary>
    public static async Task<SseRun> ReadAsync(SseReader reader)
    {
        var items = new List<SseItem>();
        var offsets = new List<long>();
        while (await reader.WaitToReadAsync())
        {
            // What was waited for must be there.
            reader.TryRead(out var first).Should().BeTrue();
            items.Add(Copy(first));
            offsets.Add(first.Offset);
            while (reader.TryRead(out var next))
            {
                items.Add(Copy(next));
                offsets.Add(next.Offset);
            }
        }

        return new SseRun(items, offsets, reader.LastEventId, reader.ReconnectionInterval, reader.UnrecognizedText, reader.BytesConsumed);
    }

    /// <summary>Fails, naming the case, unless both runs are equal in every respect.</summary>
    public void MustEqual(SseRun expected, string name)
    {
        Items.Should().Equal(expected.Items, "{0}", name);
        Offsets.Should().Equal(expected.Offsets, "{0}", name);
        (LastEventId, ReconnectionInterval, UnrecognizedText, BytesConsumed).Should().Be(
            (expected.LastEventId, expected.ReconnectionInterval, expected.UnrecognizedText, expected.BytesConsumed),
            "{0}",
            name);
    }

    private static SseItem Copy(SseEvent e) => new(
        Encoding.UTF8.GetString(e.EventType),
        Encoding.UTF8.GetString(e.Data),
        Encoding.UTF8.GetString(e.LastEventId),
        e.Kind);
}
