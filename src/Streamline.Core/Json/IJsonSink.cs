using System.Text.Json;

namespace Streamline.Json;

/// <summary>Takes what the reader finds. A structure, so that the calls are inlined. Every method returns whether to read on.</summary>
internal interface IJsonSink
{
    /// <summary>A container begins.</summary>
    bool StartContainer(bool isObject, long offset);

    /// <summary>The innermost container ends.</summary>
    bool EndContainer(bool isObject, long offset);

    /// <summary>True, false or null, whole.</summary>
    bool Literal(JsonTokenType type, long start, long end);

    /// <summary>A string, property name or number, or a piece of one.</summary>
    /// <param name="type">Which of the three.</param>
    /// <param name="value">The bytes, without quotes.</param>
    /// <param name="start">The offset of the first byte, quotes included.</param>
    /// <param name="end">The offset after the last byte, quotes included.</param>
    /// <param name="isFirst">Whether the token begins here.</param>
    /// <param name="isFinal">Whether the token ends here.</param>
    bool Fragment(JsonTokenType type, ReadOnlySpan<byte> value, long start, long end, bool isFirst, bool isFinal);
}
