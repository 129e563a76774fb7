using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Sse;

/// <summary>Writes server-sent events as UTF-8 to a buffer, such as a <see cref="System.IO.Pipelines.PipeWriter"/>. Flushing is the caller's.</summary>
/// <remarks>
/// Lines end with LF, and every event or comment with a blank line. Bytes are taken as they are, to be UTF-8 already; of characters,
/// lone surrogates are replaced by U+FFFD. Not thread-safe.
/// </remarks>
/// <param name="output">Where the bytes go.</param>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed class SseWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output ?? throw new ArgumentNullException(nameof(output));

    /// <summary>Writes one event.</summary>
    /// <param name="eventType">The event's name; empty for none, which a reader takes as <c>message</c>.</param>
    /// <param name="data">The data. CR, LF and CRLF in it each start another data line, and are LF to the reader.</param>
    /// <param name="id">The id that becomes the stream's last event id; empty for none.</param>
    /// <exception cref="ArgumentException"><paramref name="eventType"/> or <paramref name="id"/> holds CR or LF, or <paramref name="id"/> NUL.</exception>
    public void WriteEvent(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id = default) =>
        WriteEventCore(eventType, data, id);

    /// <inheritdoc cref="WriteEvent(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void WriteEvent(ReadOnlySpan<char> eventType, ReadOnlySpan<char> data, ReadOnlySpan<char> id = default) =>
        WriteEventCore(eventType, data, id);

    /// <summary>Writes an id without an event. The reader's last event id changes; an empty one resets it.</summary>
    /// <param name="id">The id; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> holds CR, LF or NUL.</exception>
    public void WriteId(ReadOnlySpan<byte> id) => WriteIdCore(id);

    /// <inheritdoc cref="WriteId(ReadOnlySpan{byte})"/>
    public void WriteId(ReadOnlySpan<char> id) => WriteIdCore(id);

    /// <summary>Writes a comment, which readers skip: a keep-alive.</summary>
    /// <param name="text">The text; may be empty. CR, LF and CRLF in it each start another comment line.</param>
    public void WriteComment(ReadOnlySpan<byte> text) => WriteCommentCore(text);

    /// <inheritdoc cref="WriteComment(ReadOnlySpan{byte})"/>
    public void WriteComment(ReadOnlySpan<char> text) => WriteCommentCore(text);

    /// <summary>Writes how long a client is to wait before it connects again.</summary>
    /// <param name="interval">The time, not negative; parts of a millisecond are dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is negative.</exception>
    public void WriteRetry(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(interval.Ticks / TimeSpan.TicksPerMillisecond, digits, out var count);
        WriteLine("retry: "u8, digits[..count]);
        _output.Write("\n"u8);
    }

    private void WriteEventCore<T>(ReadOnlySpan<T> eventType, ReadOnlySpan<T> data, ReadOnlySpan<T> id)
        where T : unmanaged, IBinaryInteger<T>
    {
        ThrowIfNotOneLine(eventType, nameof(eventType));
        ThrowIfNotId(id);
        if (!eventType.IsEmpty)
        {
            WriteLine("event: "u8, eventType);
        }

        if (!id.IsEmpty)
        {
            WriteLine("id: "u8, id);
        }

        WriteLines("data: "u8, data);
        _output.Write("\n"u8);
    }

    private void WriteIdCore<T>(ReadOnlySpan<T> id)
        where T : unmanaged, IBinaryInteger<T>
    {
        ThrowIfNotId(id);
        WriteLine("id: "u8, id);
        _output.Write("\n"u8);
    }

    private void WriteCommentCore<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        WriteLines(": "u8, text);
        _output.Write("\n"u8);
    }

    private void WriteLines<T>(ReadOnlySpan<byte> prefix, ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (true)
        {
            var length = text.IndexOfAny(Unit<T>('\n'), Unit<T>('\r'));
            if (length < 0)
            {
                WriteLine(prefix, text);
                return;
            }

            WriteLine(prefix, text[..length]);
            var isCrLf = text[length] == Unit<T>('\r') && length + 1 < text.Length && text[length + 1] == Unit<T>('\n');
            text = text[(length + (isCrLf ? 2 : 1))..];
        }
    }

    // The space is always written: a value may begin with one of its own, and the reader takes one away.
    private void WriteLine<T>(ReadOnlySpan<byte> prefix, ReadOnlySpan<T> value)
        where T : unmanaged, IBinaryInteger<T>
    {
        _output.Write(prefix);
        if (typeof(T) == typeof(byte))
        {
            _output.Write(MemoryMarshal.Cast<T, byte>(value));
        }
        else
        {
            Encoding.UTF8.GetBytes(MemoryMarshal.Cast<T, char>(value), _output);
        }

        _output.Write("\n"u8);
    }

    private static void ThrowIfNotId<T>(ReadOnlySpan<T> id)
        where T : unmanaged, IBinaryInteger<T>
    {
        ThrowIfNotOneLine(id, nameof(id));
        if (id.Contains(T.Zero))
        {
            throw new ArgumentException("An id holds no NUL; readers ignore one that does.", nameof(id));
        }
    }

    private static void ThrowIfNotOneLine<T>(ReadOnlySpan<T> value, string parameterName)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (value.ContainsAny(Unit<T>('\n'), Unit<T>('\r')))
        {
            throw new ArgumentException("The value must be one line; found CR or LF.", parameterName);
        }
    }

    private static T Unit<T>(char character)
        where T : unmanaged, IBinaryInteger<T> => T.CreateTruncating(character);
}
