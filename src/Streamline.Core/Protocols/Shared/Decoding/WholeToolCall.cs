using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Shows a tool call that came in one piece, on wires whose arguments are JSON values rather than text.</summary>
internal static class WholeToolCall
{
    /// <summary>Emits the events of a call, the last of which seals it.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="payload">The payload of the call.</param>
    /// <param name="started">The call.</param>
    /// <param name="arguments">Its arguments: an object, or a text that some servers put in its place; <see langword="null"/> for none.</param>
    /// <exception cref="StreamLimitException">The arguments are too long or too deep.</exception>
    public static void Emit(DecoderOutput output, in ParsedPayload payload, ToolCallStarted started, JsonElement? arguments)
    {
        var assembler = new ToolCallAssembler(started, output.Options);
        output.Emit(started);
        var decoder = default(JsonStringDecoder);
        if (Text(payload, arguments, ref decoder) is { Length: > 0 } text)
        {
            output.Emit(assembler.Append(text));
        }

        output.Emit(assembler.Complete(isVerbatim: !decoder.HasReplacedHalves));
    }

    // As received, so that the strict reading sees what parsing for the decoder has mended.
    private static string? Text(in ParsedPayload payload, JsonElement? arguments, ref JsonStringDecoder decoder)
    {
        var slice = payload.Find(arguments);
        return slice.Exists && decoder.TryDecode(slice.In(payload.Bytes), slice.IsEscaped, out var text) ? text + decoder.Complete()
            : arguments is { } value ? payload.RawText(value)
            : null;
    }
}
