using System.Globalization;
using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>Whether a body came as it was made, or was held back on its way.</summary>
internal sealed class Delivery
{
    // Chunks this close together came in one piece from where they were held.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(5);
    private static readonly string[] ProxyHeaders = ["Via", "X-Cache", "CF-Cache-Status", "X-Amz-Cf-Id"];
    private static readonly int[] BufferSizes = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];

    private Delivery(bool? isStreamed, string verdict, IReadOnlyList<string> oddities) => (IsStreamed, Verdict, Oddities) = (isStreamed, verdict, oddities);

    /// <summary>Gets whether the body was streamed; <see langword="null"/> when it is too short to tell.</summary>
    public bool? IsStreamed { get; }

    /// <summary>Gets the same in words.</summary>
    public string Verdict { get; }

    /// <summary>Gets what points to something that holds bytes back.</summary>
    public IReadOnlyList<string> Oddities { get; }

    /// <summary>Looks at how a response came.</summary>
    /// <param name="exchange">The response.</param>
    /// <param name="events">How many events it holds.</param>
    public static Delivery Of(RecordedExchange exchange, int events)
    {
        var chunks = exchange.Chunks;
        var bursts = Bursts(chunks);
        var hints = Hints(exchange, events, bursts).ToList();
        if (chunks.Count == 0)
        {
            return new Delivery(null, "no body", hints);
        }

        var waited = chunks[0].At - (exchange.HeadAt ?? TimeSpan.Zero);
        var spread = chunks[^1].At - chunks[0].At;
        if (bursts.Count > 2 && spread > Together)
        {
            return new Delivery(true, string.Create(CultureInfo.InvariantCulture, $"it streams: {bursts.Count} pieces over {spread.TotalMilliseconds:F0} ms"), hints);
        }

        if (events < 10)
        {
            return new Delivery(null, "too short to tell", hints);
        }

        // A short answer of a fast server may come at once; one that was waited for was held.
        return chunks[^1].At > TimeSpan.FromMilliseconds(200)
            ? new Delivery(false, string.Create(CultureInfo.InvariantCulture, $"it does not stream: {events} events came in {Pieces(bursts.Count)} after {Math.Max(waited.TotalMilliseconds, chunks[0].At.TotalMilliseconds):F0} ms"), hints)
            : new Delivery(null, string.Create(CultureInfo.InvariantCulture, $"{events} events came in {Pieces(bursts.Count)} at once, too fast to tell"), hints);
    }

    /// <summary>Gives the sizes and times of what came together.</summary>
    public static IReadOnlyList<(TimeSpan At, int Bytes)> Bursts(IReadOnlyList<RecordedChunk> chunks)
    {
        List<(TimeSpan At, int Bytes)> bursts = [];
        var last = TimeSpan.MinValue;
        foreach (var chunk in chunks)
        {
            if (bursts.Count > 0 && chunk.At - last <= Together)
            {
                bursts[^1] = (bursts[^1].At, bursts[^1].Bytes + chunk.Bytes.Length);
            }
            else
            {
                bursts.Add((chunk.At, chunk.Bytes.Length));
            }

            last = chunk.At;
        }

        return bursts;
    }

    private static string Pieces(int count) => count == 1 ? "one piece" : string.Create(CultureInfo.InvariantCulture, $"{count} pieces");

    private static IEnumerable<string> Hints(RecordedExchange exchange, int events, IReadOnlyList<(TimeSpan At, int Bytes)> bursts)
    {
        var headers = exchange.ResponseHeaders;
        if (headers.TryGetValue("Content-Encoding", out var encoding) && encoding.Length > 0 && encoding != "identity")
        {
            yield return $"compressed ({encoding}): a compressor collects bytes before it sends any";
        }

        if (headers.TryGetValue("Content-Length", out var length))
        {
            yield return $"Content-Length {length}: the whole length was known before the first byte was sent, so something had the whole answer";
        }

        if (headers.TryGetValue("Content-Type", out var type) && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Content-Type {type}: a page, not a stream";
        }

        if (headers.TryGetValue("Server", out var server) && server.Contains("nginx", StringComparison.OrdinalIgnoreCase) && !headers.ContainsKey("X-Accel-Buffering") && bursts.Count <= 2 && events >= 10)
        {
            yield return "nginx is in between: it buffers unless 'proxy_buffering off' is set or the response says 'X-Accel-Buffering: no'";
        }

        foreach (var name in ProxyHeaders.Where(headers.ContainsKey))
        {
            yield return $"{name}: {headers[name]}: a proxy or cache is in between";
        }

        var size = BufferSizes.LastOrDefault(size => bursts.Count > 2 && bursts.Take(bursts.Count - 1).All(burst => burst.Bytes % size == 0));
        if (size > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"every piece is a multiple of {size} bytes: a buffer of that size is filled before it is sent");
        }

        if (bursts.Count > 2 && events > bursts.Count * 10)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"about {events / bursts.Count} events come together: something collects them");
        }
    }
}
