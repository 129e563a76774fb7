using System.Buffers;

namespace Streamline.Testing;

/// <summary>Turns the frames of a body and a fault plan into the steps of sending it. Lazy, so that a body may be endless.</summary>
internal static class BodyPlan
{
    /// <summary>Makes the steps.</summary>
    /// <param name="frames">The body, a frame per event; each is valid until the next one is asked for.</param>
    /// <param name="delays">The time before a frame that holds something, by its number and whether it is the first such.</param>
    /// <param name="faults">What goes wrong.</param>
    public static IEnumerable<BodyStep> Create(IEnumerable<ReadOnlyMemory<byte>> frames, Func<int, bool, TimeSpan> delays, FaultPlan faults)
    {
        var steps = WithFaults(frames, delays, faults);
        if (faults.ChunkSize is not null || faults.ChunkSeed is not null)
        {
            steps = InChunks(steps, faults);
        }

        return faults.ChunkDelay > TimeSpan.Zero ? WithChunkDelay(steps, faults.ChunkDelay) : steps;
    }

    /// <summary>Asserts that each fault of a plan strikes in a body that has an end.</summary>
    /// <exception cref="InvalidOperationException">One lies after the end.</exception>
    public static void ThrowIfAnyIsAfterTheEnd(IEnumerable<ReadOnlyMemory<byte>> frames, FaultPlan faults)
    {
        foreach (var step in WithFaults(frames, (_, _) => TimeSpan.Zero, faults))
        {
            if (step.Kind == BodyStepKind.End)
            {
                return;
            }
        }
    }

    private static IEnumerable<BodyStep> WithFaults(IEnumerable<ReadOnlyMemory<byte>> frames, Func<int, bool, TimeSpan> delays, FaultPlan faults)
    {
        var pending = new PendingFaults(faults);
        var offset = 0L;
        var events = 0;
        foreach (var frame in frames)
        {
            foreach (var step in pending.Take(FaultPoint.AfterEvent(events)))
            {
                yield return step;
            }

            if (!frame.IsEmpty && delays(events, offset == 0) is var delay && delay > TimeSpan.Zero)
            {
                yield return BodyStep.Delay(delay);
            }

            var rest = frame;
            while (pending.NextByte is { } next && next < offset + rest.Length)
            {
                var before = (int)(next - offset);
                if (before > 0)
                {
                    yield return BodyStep.Write(rest[..before]);
                }

                rest = rest[before..];
                offset = next;
                foreach (var step in pending.Take(FaultPoint.AtByte(offset)))
                {
                    yield return step;
                }
            }

            if (!rest.IsEmpty)
            {
                yield return BodyStep.Write(rest);
            }

            offset += rest.Length;
            events++;
        }

        foreach (var step in pending.Take(FaultPoint.AfterEvent(events)).Concat(pending.Take(FaultPoint.AtByte(offset))))
        {
            yield return step;
        }

        pending.ThrowIfAny(events, offset);
    }

    private static IEnumerable<BodyStep> InChunks(IEnumerable<BodyStep> steps, FaultPlan faults)
    {
        using var sizes = ChunkSizes(faults).GetEnumerator();
        sizes.MoveNext();
        var chunk = new ArrayBufferWriter<byte>();
        foreach (var step in steps)
        {
            // Chunks may span frames, but nothing is held back across a pause or a fault.
            if (step.Kind != BodyStepKind.Write)
            {
                if (chunk.WrittenCount > 0)
                {
                    yield return Take();
                }

                yield return step;
                continue;
            }

            for (var rest = step.Bytes; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, sizes.Current - chunk.WrittenCount);
                chunk.Write(rest.Span[..count]);
                rest = rest[count..];
                if (chunk.WrittenCount == sizes.Current)
                {
                    yield return Take();
                }
            }
        }

        if (chunk.WrittenCount > 0)
        {
            yield return Take();
        }

        BodyStep Take()
        {
            var step = BodyStep.Write(chunk.WrittenMemory.ToArray());
            chunk.ResetWrittenCount();
            sizes.MoveNext();
            return step;
        }
    }

    private static IEnumerable<int> ChunkSizes(FaultPlan faults)
    {
        var random = faults.ChunkSeed is { } seed ? new Random(seed) : null;
        var largest = faults.ChunkSize ?? FaultPlan.DefaultRandomChunkSize;
        while (true)
        {
            yield return random is null ? largest : (int)random.NextInt64(1, largest + 1L);
        }
    }

    private static IEnumerable<BodyStep> WithChunkDelay(IEnumerable<BodyStep> steps, TimeSpan delay)
    {
        var isFirst = true;
        foreach (var step in steps)
        {
            if (step.Kind == BodyStepKind.Write)
            {
                if (!isFirst)
                {
                    yield return BodyStep.Delay(delay);
                }

                isFirst = false;
            }

            yield return step;
        }
    }
}
