using System.Buffers;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>
/// Reads a body, writes what its decoder gives with every encoder, and reads that again. The decoder may fail with an exception of the library only;
/// encoders may not fail; what they write ends as the source ended.
/// </summary>
internal static class ResponseCheck
{
    public static async Task<List<Violation>> FindAsync(HostileBody body)
    {
        var source = HostileProtocols.NameOf(body.Protocol);
        var (events, exception) = await ReadAsync(body.Protocol, body.ToBytes());
        if (exception is not (null or StreamlineException))
        {
            return [new Violation($"{source}: decoder throws {exception.GetType().Name}", exception.ToString())];
        }

        var violations = new List<Violation>();
        foreach (var (name, target) in HostileProtocols.All)
        {
            if (await FindAsync($"{source} to {name}", body.Protocol, target, events, exception) is { } violation)
            {
                violations.Add(violation);
            }
        }

        return violations;
    }

    private static async Task<Violation?> FindAsync(string pair, StreamProtocol source, StreamProtocol target, List<StreamEvent> events, Exception? exception)
    {
        var output = new ArrayBufferWriter<byte>();
        if (TryEncode(target, events, exception, output) is var (faulty, fault))
        {
            return new Violation($"{pair}: encoder throws {fault.GetType().Name} on {faulty}", fault.Message);
        }

        var (again, end) = await ReadAsync(target, output.WrittenSpan.ToArray());
        var expected = exception switch
        {
            null => null,
            ProviderException => typeof(ProviderException),
            _ => typeof(StreamInterruptedException),
        };
        if (end?.GetType() != expected)
        {
            return new Violation($"{pair}: written stream ends with {end?.GetType().Name ?? "success"}, expected {expected?.Name ?? "success"}", end?.Message ?? "");
        }

        // An encoder may hold back a piece of a response until it knows whether it is the last one.
        var (text, textAgain) = (TextOf(events), TextOf(again));
        return source == target && expected != typeof(StreamInterruptedException) && text != textAgain ? new Violation($"{pair}: another text", $"'{text}' became '{textAgain}'") : null;
    }

    private static (string Event, Exception Fault)? TryEncode(StreamProtocol target, List<StreamEvent> events, Exception? exception, ArrayBufferWriter<byte> output)
    {
        var encoder = target.CreateEncoder();
        var current = "";
        try
        {
            foreach (var streamEvent in events)
            {
                current = streamEvent.GetType().Name;
                encoder.Encode(streamEvent, output);
            }

            if (exception is ProviderException error)
            {
                current = "an error";
                encoder.EncodeError(error, output);
            }

            return null;
        }
        catch (Exception fault)
        {
            return (current, fault);
        }
    }

    private static string TextOf(IEnumerable<StreamEvent> events) => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text));

    private static async Task<(List<StreamEvent> Events, Exception? Exception)> ReadAsync(StreamProtocol protocol, byte[] body)
    {
        var events = new List<StreamEvent>();
        try
        {
            await foreach (var streamEvent in protocol.ReadAsync(new MemoryStream(body)))
            {
                events.Add(streamEvent);
            }

            return (events, null);
        }
        catch (Exception exception)
        {
            return (events, exception);
        }
    }
}
