using System.Buffers;
using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>Drives decoders and encoders of a wire.</summary>
internal static class WireRun
{
    public static readonly int[] ChunkSizes = [1, 2, 3, 7, 64, int.MaxValue];

    /// <summary>Reads a body that arrives in chunks of a size, as a client does: the events, and the exception that ended them.</summary>
    public static async Task<(List<StreamEvent> Events, Exception? Exception)> ReadAsync(
        StreamProtocol protocol, ReadOnlyMemory<byte> body, int chunkSize = int.MaxValue, StreamReadOptions? options = null, string? requestId = null)
    {
        options ??= new StreamReadOptions();
        return await ReadAsync(protocol, protocol.CreateDecoder(options, requestId), body, chunkSize, options);
    }

    /// <summary>Reads a body with a decoder of the test's own making.</summary>
    public static async Task<(List<StreamEvent> Events, Exception? Exception)> ReadAsync(
        StreamProtocol protocol, StreamEventDecoder decoder, ReadOnlyMemory<byte> body, int chunkSize = int.MaxValue, StreamReadOptions? options = null)
    {
        options ??= new StreamReadOptions();
        var frames = protocol.CreateFrameReader(ChunkedStream.Every(body, Math.Min(chunkSize, Math.Max(1, body.Length))), options);
        var reader = new StreamEventReader(frames, decoder, options, CancellationToken.None);
        await using (reader)
        {
            var events = new List<StreamEvent>();
            try
            {
                while (await reader.MoveNextAsync())
                {
                    events.Add(reader.Current);
                }

                return (events, null);
            }
            catch (Exception exception)
            {
                return (events, exception);
            }
        }
    }

    public static Task<(List<StreamEvent> Events, Exception? Exception)> ReadAsync(StreamProtocol protocol, string body) =>
        ReadAsync(protocol, Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a body in chunks of every size of <see cref="ChunkSizes"/>, and asserts that the events and the end are the same.</summary>
    public static async Task<(List<StreamEvent> Events, Exception? Exception)> ReadAllWaysAsync(
        StreamProtocol protocol, ReadOnlyMemory<byte> body, string because = "")
    {
        var (whole, exception) = await ReadAsync(protocol, body);
        foreach (var size in ChunkSizes)
        {
            var (split, splitException) = await ReadAsync(protocol, body, size);
            (split.ToLines() == whole.ToLines()).Should().BeTrue("chunks of {0} bytes give the same events {1}", size, because);
            splitException?.Message.Should().Be(exception?.Message, "chunks of {0} bytes end alike {1}", size, because);
        }

        return (whole, exception);
    }

    public static Task<(List<StreamEvent> Events, Exception? Exception)> ReadAllWaysAsync(StreamProtocol protocol, string body) =>
        ReadAllWaysAsync(protocol, Encoding.UTF8.GetBytes(body));

    public static StreamState Fold(IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);

    public static byte[] Encode(StreamProtocol protocol, IEnumerable<StreamEvent> events)
    {
        var encoder = protocol.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, output);
        }

        return output.WrittenSpan.ToArray();
    }
}
