using System.Net;
using System.Text;

namespace Streamline.Testing;

/// <summary>A request and its response as <see cref="ExchangeRecorder"/> recorded them: every chunk of the body, with the time of its arrival.</summary>
/// <remarks>
/// <para>
/// Immutable. The file has one JSON object per line: the request, the head of the response, then a line per chunk, and the end. A chunk is written as text, or in base64 where it
/// is not valid UTF-8 by itself. Values of headers and of the query that may be credentials are <c>[redacted]</c>; bodies are recorded as they are.
/// </para>
/// <code>
/// using var http = new HttpClient(new ScriptedProvider(RecordedExchange.Load("recordings/0001.jsonl").ToReply()).CreateHandler());
/// </code>
/// </remarks>
public sealed class RecordedExchange
{
    internal RecordedExchange()
    {
    }

    /// <summary>Gets the method of the request, such as <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the address of the request.</summary>
    public required Uri Address { get; init; }

    /// <summary>Gets the headers of the request, by names in any case.</summary>
    public required IReadOnlyDictionary<string, string> RequestHeaders { get; init; }

    /// <summary>Gets the body of the request.</summary>
    public required ReadOnlyMemory<byte> RequestBody { get; init; }

    /// <summary>Gets the status of the response; <see langword="null"/> when no response came.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Gets the headers of the response, by names in any case. Empty when no response came.</summary>
    public required IReadOnlyDictionary<string, string> ResponseHeaders { get; init; }

    /// <summary>Gets when the head of the response arrived, counted from when the request was sent; <see langword="null"/> when no response came.</summary>
    public TimeSpan? HeadAt { get; init; }

    /// <summary>Gets the chunks of the body, in the order in which they arrived.</summary>
    public required IReadOnlyList<RecordedChunk> Chunks { get; init; }

    /// <summary>Gets how the response ended.</summary>
    public RecordedEnd End { get; init; }

    /// <summary>Gets when the response ended, counted from when the request was sent; <see langword="null"/> when the recording was cut.</summary>
    public TimeSpan? EndAt { get; init; }

    /// <summary>Gets what broke the response; <see langword="null"/> when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Reads a recording.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The exchange.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is missing.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not a recording; the message says in which line.</exception>
    public static RecordedExchange Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return RecordingReader.Read(file);
    }

    /// <summary>Reads a recording that is in memory.</summary>
    /// <param name="recording">The text, as <see cref="ExchangeRecorder"/> wrote it.</param>
    /// <returns>The exchange.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="recording"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidDataException">The text is not a recording; the message says in which line.</exception>
    public static RecordedExchange Parse(byte[] recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        using var text = new MemoryStream(recording, writable: false);
        return RecordingReader.Read(text);
    }

    /// <summary>Tells whether a text begins as a recording does.</summary>
    /// <param name="beginning">The first bytes of the text, of which 64 are enough.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsRecording(ReadOnlySpan<byte> beginning) => beginning.StartsWith(RecordingWriter.Beginning);

    /// <summary>Gets the whole body, without the times.</summary>
    /// <returns>The bytes in a new array.</returns>
    public byte[] GetBody()
    {
        var body = new byte[Chunks.Sum(chunk => chunk.Bytes.Length)];
        var length = 0;
        foreach (var chunk in Chunks)
        {
            chunk.Bytes.Span.CopyTo(body.AsSpan(length));
            length += chunk.Bytes.Length;
        }

        return body;
    }

    /// <summary>Makes a reply that sends the recorded response again, chunk by chunk.</summary>
    /// <param name="speed">How many times as fast as it was recorded; <see cref="double.PositiveInfinity"/>, the default, for no pauses at all.</param>
    /// <returns>The reply. A response that broke breaks at the same byte.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="speed"/> is not more than zero.</exception>
    /// <exception cref="InvalidOperationException">There is no response to send: none came.</exception>
    public ScriptedReply ToReply(double speed = double.PositiveInfinity)
    {
        if (!(speed > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "Expected more than zero.");
        }

        if (StatusCode is not { } status)
        {
            throw new InvalidOperationException($"The recorded request got no response: {Error ?? "the recording was cut"}.");
        }

        var reply = ScriptedReply.Recorded(Chunks, speed, ResponseHeaders.GetValueOrDefault("Content-Type")) with
        {
            StatusCode = status,
            Faults = End == RecordedEnd.Broken ? new FaultPlan { AbortAt = FaultPoint.AtByte(Chunks.Sum(chunk => (long)chunk.Bytes.Length)) } : FaultPlan.None,
        };
        foreach (var (name, value) in ResponseHeaders.Where(header => IsOfContent(header.Key)))
        {
            reply = reply.WithHeader(name, value);
        }

        return reply;
    }

    /// <summary>Describes the exchange in one line.</summary>
    /// <returns>Such as <c>POST https://host/v1/messages: 200, 12 chunks, complete</c>.</returns>
    public override string ToString() =>
        new StringBuilder().Append(Method).Append(' ').Append(Address).Append(": ")
            .Append(StatusCode is { } status ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture) : "no response")
            .Append(System.Globalization.CultureInfo.InvariantCulture, $", {Chunks.Count} chunks, {End.ToString().ToLowerInvariant()}").ToString();

    // The new connection has a framing, a date and an id of its own.
    private static bool IsOfContent(string name) =>
        name.ToLowerInvariant() is not ("content-type" or "content-length" or "transfer-encoding" or "connection" or "keep-alive" or "date" or "server" or "alt-svc" or "set-cookie" or "strict-transport-security");
}
