using System.Text;
using Streamline.Framing;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Framing;

/// <summary>Reads frames of a format, in every way that the bytes can be cut.</summary>
internal static class FrameRun
{
    public static readonly int[] ChunkSizes = [1, 2, 3, 7, 64, int.MaxValue];

    public static Task<FrameRunResult> ReadAsync(FrameFormat format, byte[] body, int chunkSize, int maxFrameBytes = 1024 * 1024) =>
        ReadAsync(format, ChunkedStream.Every(body, Math.Min(chunkSize, Math.Max(1, body.Length))), maxFrameBytes);

    public static async Task<FrameRunResult> ReadAsync(FrameFormat format, Stream body, int maxFrameBytes = 1024 * 1024)
    {
        await using var reader = FrameReader.Create(format, body, maxFrameBytes);
        List<string> frames = [];
        try
        {
            while (await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None).AsTask().OrFail())
            {
                while (reader.TryRead(out var frame))
                {
                    frames.Add($"{frame.Offset} {frame.Kind} {Encoding.UTF8.GetString(frame.Name)}: {Encoding.UTF8.GetString(frame.Data)}");
                }
            }

            return new FrameRunResult(frames, Encoding.UTF8.GetString(reader.StrayText), reader.BytesConsumed, Exception: null);
        }
        catch (StreamlineException exception)
        {
            return new FrameRunResult(frames, "", 0, exception);
        }
    }

    /// <summary>Reads a body whole, by sizes and cut once and twice at every byte, and asserts that it is read alike.</summary>
    public static async Task<FrameRunResult> ReadAllWaysAsync(FrameFormat format, byte[] body, int maxFrameBytes = 1024 * 1024)
    {
        var whole = await ReadAsync(format, body, int.MaxValue, maxFrameBytes);
        foreach (var size in ChunkSizes)
        {
            (await ReadAsync(format, body, size, maxFrameBytes)).ToString().Should().Be(whole.ToString(), "chunks have {0} bytes", size);
        }

        for (var first = 0; first <= body.Length; first++)
        {
            // Both cuts of a long body in every combination would take too long; a step keeps the second one moving.
            for (var second = first; second <= body.Length; second += 1 + (body.Length / 40))
            {
                var split = await ReadAsync(format, ChunkedStream.At(body, first, second), maxFrameBytes);
                split.ToString().Should().Be(whole.ToString(), "the body is cut at {0} and {1}", first, second);
            }
        }

        return whole;
    }
}
