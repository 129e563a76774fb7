using System.Net.ServerSentEvents;
using System.Text.Json;
using Streamline.Benchmarks.Json;
using Streamline.Benchmarks.Sse;
using Streamline.Json;
using Streamline.Sse;
using Streamline.TestSupport.Sse;

namespace Streamline.Benchmarks.Compare;

/// <summary>The two parsers beside what .NET has: <see cref="SseParser"/>, and, as nothing in .NET parses JSON that grows, what applications do in its place.</summary>
internal static class ParserComparisons
{
    private const int Events = 1000;
    private const int SmallChunk = 64;
    private const int LargeChunk = 4096;
    private const int Delta = 16;
    private const int ShortJson = 10_000;
    private const int LongJson = 100_000;

    public static async IAsyncEnumerable<Comparison> MeasureAsync(int rounds)
    {
        var events = LlmStreams.Anthropic(Events);
        var parser = $"SseParser of .NET {Environment.Version.ToString(3)}";
        foreach (var chunk in new[] { LargeChunk, SmallChunk })
        {
            yield return await Duel.RunAsync($"server-sent events in chunks of {chunk} bytes", parser, () => ReadOursAsync(events, chunk), () => ReadTheirsAsync(events, chunk), rounds);
        }

        var shortText = JsonPayload.Create(ShortJson);
        yield return await Duel.RunAsync(
            $"10 KB of JSON, a snapshot every {Delta} bytes", "closed by hand, JsonDocument.Parse each time", () => AppendAsync(shortText), () => CloseAsync(shortText), rounds);

        var longText = JsonPayload.Create(LongJson);
        yield return await Duel.RunAsync($"100 KB of JSON, a snapshot every {Delta} bytes", "one JsonDocument.Parse at the end", () => AppendAsync(longText), () => ParseAsync(longText), rounds);
    }

    private static async Task ReadOursAsync(byte[] bytes, int chunk)
    {
        await using var reader = SseReader.Create(new ReplayStream(bytes, chunk));
        var count = 0;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out _))
            {
                count++;
            }
        }

        Expect(count, Events);
    }

    private static async Task ReadTheirsAsync(byte[] bytes, int chunk)
    {
        await using var stream = new ReplayStream(bytes, chunk);
        var count = 0;
        await foreach (var _ in SseParser.Create(stream, static (_, data) => data.Length).EnumerateAsync())
        {
            count++;
        }

        Expect(count, Events);
    }

    private static Task AppendAsync(byte[] text)
    {
        Expect(PartialJsonDeltas.Append(text, Delta, PartialJsonRepairMode.None), 1);
        return Task.CompletedTask;
    }

    private static Task CloseAsync(byte[] text)
    {
        var document = new ClosedByHand();
        for (var offset = 0; offset < text.Length; offset += Delta)
        {
            document.Append(text.AsSpan(offset, Math.Min(Delta, text.Length - offset)));
        }

        return Task.CompletedTask;
    }

    private static Task ParseAsync(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        Expect(document.RootElement.ValueKind == JsonValueKind.Object ? 1 : 0, 1);
        return Task.CompletedTask;
    }

    private static void Expect(int found, int expected)
    {
        if (found < expected)
        {
            throw new InvalidOperationException($"A contender found {found}; expected at least {expected}.");
        }
    }
}
