using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Streamline.Testing;

/// <summary>Writes a recording, line by line, as things happen. Every line is flushed, so that a crash costs nothing that had arrived.</summary>
internal sealed class RecordingWriter(Stream output, TimeProvider timeProvider) : IAsyncDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly long _start = timeProvider.GetTimestamp();

    /// <summary>Gets how every recording begins.</summary>
    public static ReadOnlySpan<byte> Beginning => """{"streamline":"exchange","version":1,"""u8;

    public ValueTask WriteRequestAsync(string method, Uri? address, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => WriteAsync(
        writer =>
        {
            writer.WriteString("streamline", "exchange");
            writer.WriteNumber("version", 1);
            writer.WriteString("method", method);
            writer.WriteString("address", SecretQuery.Redact(address?.ToString() ?? ""));
            WriteHeaders(writer, headers);
            WriteBytes(writer, body.Span);
        },
        cancellationToken);

    public ValueTask WriteHeadAsync(HttpStatusCode status, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken) => WriteAsync(
        writer =>
        {
            WriteTime(writer);
            writer.WriteNumber("status", (int)status);
            WriteHeaders(writer, headers);
        },
        cancellationToken);

    public ValueTask WriteChunkAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => WriteAsync(
        writer =>
        {
            WriteTime(writer);
            WriteBytes(writer, bytes.Span);
        },
        cancellationToken);

    public ValueTask WriteEndAsync(RecordedEnd end, string? error) => WriteAsync(
        writer =>
        {
            WriteTime(writer);
            writer.WriteString("end", end.ToString().ToLowerInvariant());
            if (error is not null)
            {
                writer.WriteString("error", error);
            }
        },
        CancellationToken.None);

    public ValueTask DisposeAsync() => output.DisposeAsync();

    private static void WriteHeaders(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        writer.WriteStartObject("headers");
        foreach (var (name, value) in headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            writer.WriteString("text", bytes);
        }
        else
        {
            writer.WriteBase64String("base64", bytes);
        }
    }

    private void WriteTime(Utf8JsonWriter writer) => writer.WriteNumber("at", Math.Round(timeProvider.GetElapsedTime(_start).TotalMilliseconds, 3));

    private async ValueTask WriteAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        _line.Write("\n"u8);
        await output.WriteAsync(_line.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
