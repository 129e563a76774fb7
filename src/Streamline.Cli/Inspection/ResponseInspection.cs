using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>What was found in a recorded response.</summary>
internal sealed class ResponseInspection
{
    /// <summary>Gets the exchange; <see langword="null"/> when only a body is there, without times.</summary>
    public required RecordedExchange? Exchange { get; init; }

    public required StreamProtocol Protocol { get; init; }

    public required int Bytes { get; init; }

    public required IReadOnlyList<TimedEvent> Events { get; init; }

    /// <summary>Gets what ended the stream before its end; <see langword="null"/> when it ended as it should.</summary>
    public required Exception? Failure { get; init; }

    /// <summary>Gets what is odd, in words.</summary>
    public required IReadOnlyList<string> Oddities { get; init; }

    public ResponseStarted? Started => Events.Select(timed => timed.Event).OfType<ResponseStarted>().FirstOrDefault();

    public ResponseCompleted? Completed => Events.Select(timed => timed.Event).OfType<ResponseCompleted>().LastOrDefault();

    /// <summary>Reads a response and looks at it.</summary>
    /// <param name="exchange">The exchange; <see langword="null"/> when only a body is there.</param>
    /// <param name="body">The body.</param>
    /// <param name="protocol">The protocol that it follows.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<ResponseInspection> CreateAsync(RecordedExchange? exchange, byte[] body, StreamProtocol protocol, CancellationToken cancellationToken)
    {
        var source = new TimedBody(exchange?.Chunks ?? [new RecordedChunk(TimeSpan.Zero, body)]);
        List<TimedEvent> events = [];
        Exception? failure = null;
        try
        {
            await foreach (var streamEvent in protocol.ReadAsync(source, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                events.Add(new TimedEvent(source.At, streamEvent));
            }
        }
        catch (StreamlineException exception)
        {
            failure = exception;
        }

        var isLeft = failure is StreamInterruptedException && exchange?.End == RecordedEnd.Left; // which is odd enough, and no fault of the stream
        return new ResponseInspection
        {
            Exchange = exchange,
            Protocol = protocol,
            Bytes = body.Length,
            Events = events,
            Failure = failure,
            Oddities = [.. Oddity.OfBody(body, protocol), .. Oddity.OfEvents(events, isLeft ? null : failure), .. exchange is null ? [] : Oddity.OfExchange(exchange, events)],
        };
    }
}
