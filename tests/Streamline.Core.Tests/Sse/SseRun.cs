using System.Text;
using Streamline.Protocols.Shared;
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
    /// <summary>Runs the bare state machine.</summary>
    public static SseRun Parse(IEnumerable<ReadOnlyMemory<byte>> chunks, SseReaderOptions? options = null)
    {
        var parser = new SseEventParser(options ?? new SseReaderOptions());
        var items = new List<SseItem>();
        var offsets = new List<long>();
        foreach (var chunk in chunks)
        {
            for (var rest = chunk.Span; !rest.IsEmpty;)
            {
                rest = rest[Write(parser, rest)..];
                while (parser.MoveNext())
                {
                    Add(parser.Current);
                }
            }
        }

        while (parser.Complete())
        {
            Add(parser.Current);
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

    /// <summary>Gives a parser the first of some bytes, as many as it has room for.</summary>
    /// <returns>How many those were.</returns>
    public static int Write(SseEventParser parser, ReadOnlySpan<byte> bytes)
    {
        var room = parser.GetMemory().Span;
        var count = Math.Min(room.Length, bytes.Length);
        bytes[..count].CopyTo(room);
        parser.Advance(count);
        return count;
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
