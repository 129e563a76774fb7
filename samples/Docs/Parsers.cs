using System.Text;
using Streamline;
using Streamline.Json;
using Streamline.Protocols;
using Streamline.Sse;

namespace DocsSample;

/// <summary>The examples of docs/sse.md and docs/performance.md.</summary>
internal static class Parsers
{
    public static async Task RunAsync(TextWriter output)
    {
        await ReadAsync(new MemoryStream("event: greeting\ndata: Hello\n\n: a comment\ndata: there\n\n"u8.ToArray()), output);
        await ReadBodyAsync(new MemoryStream("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"u8.ToArray()), output);
        await ParseAsync(["{\"city\":\"Par", "is\"}"], output);
    }

    private static async Task ReadAsync(Stream stream, TextWriter output)
    {
        // begin: sse
        using var reader = SseReader.Create(stream);
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var sseEvent))
            {
                output.WriteLine($"{sseEvent.EventType.Length} bytes of type, {sseEvent.Data.Length} bytes of data"); // valid until the next read
            }
        }
        // end: sse
    }

    private static async Task ReadBodyAsync(Stream body, TextWriter output)
    {
        // begin: body
        var options = new StreamReadOptions { MaxRetainedChars = 0 }; // no partial response, so nothing has to be kept
        await foreach (var streamEvent in StreamProtocols.OpenAIChat.ReadAsync(body, options))
        {
            if (streamEvent is TextDelta delta)
            {
                await output.WriteLineAsync(delta.Text);
            }
        }
        // end: body
    }

    private static async Task ParseAsync(IEnumerable<string> pieces, TextWriter output)
    {
        // begin: buffers
        var document = new PartialJsonDocument();
        foreach (var piece in pieces)
        {
            document.Append(piece);
            await output.WriteLineAsync(document.RootElement["city"].GetString()); // Par, then Paris
        }

        document.Complete();
        document.ReturnBuffers(); // when you parse many documents: the arrays go back to the pool
        // end: buffers
    }
}
