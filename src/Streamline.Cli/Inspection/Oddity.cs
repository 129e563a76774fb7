using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>Looks for what a reader of a response may stumble over.</summary>
internal static class Oddity
{
    private const int LongLineBytes = 1024 * 1024;
    private static readonly TimeSpan LongGap = TimeSpan.FromSeconds(10);

    /// <summary>Looks at the bytes.</summary>
    public static IEnumerable<string> OfBody(byte[] body, StreamProtocol protocol)
    {
        if (body.Length == 0)
        {
            yield return "the body is empty";
            yield break;
        }

        if (protocol.ContentType is not ("text/event-stream" or "application/json" or "application/x-ndjson"))
        {
            yield break;
        }

        if (!Utf8.IsValid(body))
        {
            yield return "the body is not valid UTF-8";
        }

        if (body.AsSpan().StartsWith("\ufeff"u8))
        {
            yield return "the body begins with a byte order mark";
        }

        if (protocol.ContentType == "text/event-stream")
        {
            foreach (var oddity in OfLines(body))
            {
                yield return oddity;
            }
        }
    }

    /// <summary>Looks at the events.</summary>
    public static IEnumerable<string> OfEvents(IReadOnlyList<TimedEvent> events, Exception? failure)
    {
        if (failure is not null)
        {
            yield return failure switch
            {
                ProviderException { IsInBand: true } error => $"the provider reports an error inside the stream: {error.Message}",
                ProviderException error => $"the body is an error: {error.Message}",
                StreamInterruptedException => $"the stream ends before its end: {failure.Message}",
                _ => failure.Message,
            };
        }

        foreach (var unknown in events.Select(timed => timed.Event).OfType<ProviderEvent>().GroupBy(e => e.Name, StringComparer.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{unknown.Count()} events '{unknown.Key}' that have no common form: they are passed on as they are");
        }

        foreach (var call in events.Select(timed => timed.Event).OfType<ToolCallCompleted>().Where(call => call.ParseError is not null))
        {
            yield return $"the arguments of {call.Name} are not an object of JSON: {call.ParseError}";
        }

        foreach (var twice in events.Select(timed => timed.Event).OfType<ToolCallStarted>().GroupBy(call => call.CallId, StringComparer.Ordinal).Where(calls => calls.Count() > 1))
        {
            yield return $"the id {twice.Key} is used for {twice.Count()} calls";
        }

        if (events.Select(timed => timed.Event).OfType<ResponseCompleted>().LastOrDefault() is { } completed)
        {
            if (completed.Outcome != StreamOutcome.Complete)
            {
                yield return $"the answer ended early: {completed.RawFinishReason ?? completed.FinishReason.ToString()}";
            }

            if (completed.Usage is null)
            {
                yield return "no token counts";
            }
        }
    }

    /// <summary>Looks at how the response came.</summary>
    public static IEnumerable<string> OfExchange(RecordedExchange exchange, IReadOnlyList<TimedEvent> events)
    {
        if (exchange.StatusCode is { } status && (int)status is < 200 or > 299)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"status {(int)status}");
        }

        if (exchange.End != RecordedEnd.Complete)
        {
            yield return exchange.End switch
            {
                RecordedEnd.Broken => $"the connection broke: {exchange.Error}",
                RecordedEnd.Left => "the client left before the end",
                _ => "the recording was cut",
            };
        }

        foreach (var oddity in Delivery.Of(exchange, events.Count).Oddities)
        {
            yield return oddity;
        }

        for (var at = 1; at < exchange.Chunks.Count; at++)
        {
            var gap = exchange.Chunks[at].At - exchange.Chunks[at - 1].At;
            if (gap > LongGap)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"nothing came for {gap.TotalSeconds:F1} s before chunk {at + 1}");
            }
        }
    }

    private static IEnumerable<string> OfLines(byte[] body)
    {
        var (comments, carriageReturns, unknown, longest, start) = (0, 0, new List<string>(), 0, 0);
        for (var at = 0; at <= body.Length; at++)
        {
            if (at < body.Length && body[at] is not ((byte)'\n' or (byte)'\r'))
            {
                continue;
            }

            var line = body.AsSpan(start, at - start);
            longest = Math.Max(longest, line.Length);
            comments += line.StartsWith((byte)':') ? 1 : 0;
            if (line.Length > 0 && line[0] != ':' && !IsField(line) && start > 0)
            {
                unknown.Add(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)]));
            }

            if (at + 1 < body.Length && body[at] == '\r')
            {
                carriageReturns++;
                at += body[at + 1] == '\n' ? 1 : 0;
            }

            start = at + 1;
        }

        if (comments > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{comments} comments, such as keep-alives");
        }

        if (carriageReturns > 0)
        {
            yield return "lines end with carriage returns";
        }

        if (unknown.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{unknown.Count} lines that are not fields, the first '{unknown[0]}'");
        }

        if (longest > LongLineBytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"a line of {longest} bytes");
        }
    }

    private static bool IsField(ReadOnlySpan<byte> line) =>
        line.StartsWith("data"u8) || line.StartsWith("event"u8) || line.StartsWith("id"u8) || line.StartsWith("retry"u8);
}
