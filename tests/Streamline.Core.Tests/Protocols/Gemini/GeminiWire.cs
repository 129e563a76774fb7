using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>Chunks of this wire in both of its framings, and reading them.</summary>
internal static class GeminiWire
{
    public const string Stop = """{"candidates":[{"finishReason":"STOP"}]}""";

    /// <summary>Puts parts into a chunk.</summary>
    public static string Parts(string parts) => $$$"""{"candidates":[{"content":{"parts":[{{{parts}}}],"role":"model"}}],"responseId":"r"}""";

    public static string Sse(params string[] chunks) => string.Concat(chunks.Select(chunk => $"data: {chunk}\r\n\r\n"));

    public static string Array(params string[] chunks) => $"[{string.Join("\n,\r\n", chunks)}\n]\n";

    /// <summary>Reads a whole response in both framings and in chunks of every size, which must all give the same events.</summary>
    public static async Task<List<StreamEvent>> ReadAsync(params string[] chunks)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, Sse(chunks));
        var (arrayEvents, arrayException) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, Array(chunks));
        exception.Should().BeNull();
        arrayException.Should().BeNull();
        arrayEvents.ToLines().Should().Be(events.ToLines());
        return events;
    }

    public static async Task<T> FailAsync<T>(params string[] chunks)
        where T : Exception
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, Sse(chunks));
        var (_, arrayException) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, Array(chunks));
        arrayException.Should().BeOfType<T>();
        return exception.Should().BeOfType<T>().Subject;
    }
}
