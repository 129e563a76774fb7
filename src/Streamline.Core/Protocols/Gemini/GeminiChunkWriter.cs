using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Framing;
using Streamline.Sse;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes chunks of one response after another, as events or as the elements of an array.</summary>
/// <param name="format">The format.</param>
internal sealed class GeminiChunkWriter(FrameFormat format)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _payload = new();
    private bool _isInArray;

    /// <summary>Gets or sets the beginning of the response that is being written; <see langword="null"/> between responses.</summary>
    public ResponseStarted? Response { get; set; }

    /// <summary>Writes a chunk with one candidate.</summary>
    public void WriteCandidate(IBufferWriter<byte> output, int choice, Action<Utf8JsonWriter> writeMembers, Action<Utf8JsonWriter>? writeBeside = null) =>
        Write(output, writer =>
        {
            writer.WriteStartArray("candidates"u8);
            writer.WriteStartObject();
            writeMembers(writer);
            if (choice > 0)
            {
                writer.WriteNumber("index"u8, choice);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
            writeBeside?.Invoke(writer);
        });

    /// <summary>Writes a chunk with one part.</summary>
    public void WritePart(IBufferWriter<byte> output, int choice, Action<Utf8JsonWriter> writePart) => WriteCandidate(output, choice, writer =>
    {
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        writePart(writer);
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
    });

    /// <summary>Writes a chunk.</summary>
    public void Write(IBufferWriter<byte> output, Action<Utf8JsonWriter> writeMembers)
    {
        var response = Response ?? throw new InvalidOperationException("An event came before ResponseStarted.");
        _payload.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_payload, Relaxed))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteString("modelVersion"u8, response.Model ?? "");
            writer.WriteString("responseId"u8, response.ResponseId ?? "");
            writer.WriteEndObject();
        }

        WriteFrame(output, _payload.WrittenSpan);
    }

    /// <summary>Writes a payload as it is.</summary>
    public void WriteFrame(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        if (format == FrameFormat.Sse)
        {
            new SseWriter(output).WriteEvent(default, payload);
            return;
        }

        output.Write(_isInArray ? ",\n"u8 : "["u8);
        output.Write(payload);
        _isInArray = true;
    }

    /// <summary>Writes a sign that the connection lives.</summary>
    public void WriteKeepAlive(IBufferWriter<byte> output)
    {
        if (format == FrameFormat.Sse)
        {
            new SseWriter(output).WriteComment("keep-alive"u8);
        }
        else
        {
            output.Write("\n"u8);
        }
    }

    /// <summary>Ends the response.</summary>
    public void End(IBufferWriter<byte> output)
    {
        Response = null;
        if (format == FrameFormat.JsonArray)
        {
            output.Write(_isInArray ? "]"u8 : "[]"u8);
            _isInArray = false;
        }
    }
}
