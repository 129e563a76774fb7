using System.Buffers;
using System.IO.Pipelines;

namespace Streamline.Tests.Sse;

/// <summary>Makes sequences of several segments.</summary>
internal static class Segments
{
    /// <summary>A pipe whose first read gives everything, each chunk in a segment of its own.</summary>
    public static PipeReader Pipe(IEnumerable<ReadOnlyMemory<byte>> chunks) => PipeReader.Create(Sequence(chunks));

    public static ReadOnlySequence<byte> Sequence(IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        var first = new Segment(default, null);
        var last = chunks.Aggregate(first, static (previous, chunk) => new Segment(chunk, previous));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
