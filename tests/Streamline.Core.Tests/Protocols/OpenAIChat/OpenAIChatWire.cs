using System.Buffers;
using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>Drives the decoder and the encoder of the wire over bytes.</summary>
internal static class OpenAIChatWire
{
    public static readonly int[] ChunkSizes = [1, 2, 3, 7, 64, int.MaxValue];

    public static string Stream(params string[] payloads) => string.Concat(payloads.Select(payload => $"data: {payload}\n\n"));

    /// <summary>Puts members of a delta into a chunk of choice 0.</summary>
    public static string Delta(string members, string? finishReason = null) =>
        $$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{{members}}},"finish_reason":{{(finishReason is null ? "null" : $"\"{finishReason}\"")}}}]}""";

    public static Task<(List<StreamEvent> Events, Exception? Exception)> DecodeAsync(string wire, int chunkSize = int.MaxValue, bool predicts = true) =>
        DecodeAsync(Encoding.UTF8.GetBytes(wire), chunkSize, predicts);

    public static async Task<(List<StreamEvent> Events, Exception? Exception)> DecodeAsync(
        ReadOnlyMemory<byte> wire,
        int chunkSize = int.MaxValue,
        bool predicts = true,
        StreamReadOptions? options = null)
    {
        var decoder = new OpenAIChatEventDecoder(options ?? new StreamReadOptions(), requestId: null, predicts);
        var events = new List<StreamEvent>();
        await using var stream = ChunkedStream.Every(wire, chunkSize);
        await using var reader = SseReader.Create(stream);
        try
        {
            while (!decoder.HasEndMark && await reader.WaitToReadAsync().AsTask().OrFail())
            {
                while (!decoder.HasEndMark && reader.TryRead(out var sseEvent))
                {
                    decoder.Decode(sseEvent.EventType, sseEvent.Data, sseEvent.Offset);
                    Drain(decoder, events);
                }
            }

            if (!decoder.IsEnded)
            {
                decoder.Complete(reader.BytesConsumed, Encoding.UTF8.GetBytes(reader.UnrecognizedText));
            }

            Drain(decoder, events);
            return (events, null);
        }
        catch (StreamlineException exception)
        {
            Drain(decoder, events);
            return (events, exception);
        }
    }

    /// <summary>Decodes a stream that is expected to be whole, split in every way of <see cref="ChunkSizes"/>, and asserts that the events are the same.</summary>
    public static async Task<List<StreamEvent>> DecodeAllWaysAsync(string wire)
    {
        var (whole, exception) = await DecodeAsync(wire);
        if (exception is not null)
        {
            throw new InvalidOperationException($"The stream failed after:\n{whole.ToLines()}", exception);
        }

        foreach (var size in ChunkSizes)
        {
            var (split, splitException) = await DecodeAsync(wire, size);
            if (splitException is not null || split.ToLines() != whole.ToLines())
            {
                throw new InvalidOperationException($"Chunks of {size} bytes gave:\n{split.ToLines()}\nin place of:\n{whole.ToLines()}", splitException);
            }
        }

        return whole;
    }

    public static string Encode(IEnumerable<StreamEvent> events)
    {
        var encoder = StreamProtocols.OpenAIChat.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static StreamState Fold(IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);

    private static void Drain(OpenAIChatEventDecoder decoder, List<StreamEvent> events)
    {
        while (decoder.TryTake(out var streamEvent))
        {
            events.Add(streamEvent);
        }
    }
}
