using System.Globalization;

namespace Streamline.Json;

/// <summary>The syntax of JSON Pointers (RFC 6901): reading their parts, and writing those of a row.</summary>
internal static class JsonPointer
{
    /// <summary>Refuses what is not a pointer (section 3).</summary>
    public static void Validate(ReadOnlySpan<char> pointer)
    {
        if (!pointer.IsEmpty && pointer[0] != '/')
        {
            throw new ArgumentException("A JSON Pointer is empty or begins with '/'.", nameof(pointer));
        }

        for (var rest = pointer; rest.IndexOf('~') is var tilde and >= 0; rest = rest[(tilde + 1)..])
        {
            if (tilde + 1 == rest.Length || rest[tilde + 1] is not ('0' or '1'))
            {
                var offset = pointer.Length - rest.Length + tilde;
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"In a JSON Pointer, '~' is followed by '0' or '1'; found another one at character {offset}."), nameof(pointer));
            }
        }
    }

    /// <summary>Takes the first part of a pointer that is not empty, still escaped.</summary>
    public static ReadOnlySpan<char> NextToken(ReadOnlySpan<char> pointer, out ReadOnlySpan<char> rest)
    {
        var token = pointer[1..];
        var end = token.IndexOf('/');
        rest = end < 0 ? default : token[end..];
        return end < 0 ? token : token[..end];
    }

    /// <summary>Puts back what a name has in place of the escapes. In this order, so that <c>~01</c> is <c>~1</c> (section 4).</summary>
    public static string Unescape(ReadOnlySpan<char> token) =>
        token.ToString().Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>Reads the position of an element: digits without leading zeros (section 4). <c>-</c> names the element after the last one, which never exists.</summary>
    public static bool TryParseIndex(ReadOnlySpan<char> token, out int index)
    {
        index = 0;
        return !token.IsEmpty
            && (token[0] != '0' || token.Length == 1)
            && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>Gets the length of the pointer of a row, in UTF-8 bytes.</summary>
    public static int GetLength(in JsonSnapshot snapshot, int row)
    {
        var length = 0;
        for (; TryGetParent(snapshot, row, out var parent); row = parent)
        {
            length += 1 + (IsNamed(snapshot, parent) ? GetNameLength(snapshot.GetRawText(row - 1)) : CountDigits(snapshot.Row(row).Index));
        }

        return length;
    }

    /// <summary>Writes the pointer of a row, from its end to its beginning, since a row knows only its parent.</summary>
    /// <param name="snapshot">The snapshot that the row is in.</param>
    /// <param name="row">The row of a value.</param>
    /// <param name="destination">Exactly as long as the pointer.</param>
    public static void Write(in JsonSnapshot snapshot, int row, Span<byte> destination)
    {
        for (; TryGetParent(snapshot, row, out var parent); row = parent)
        {
            destination = IsNamed(snapshot, parent) ? WriteName(snapshot.GetRawText(row - 1), destination) : WriteIndex(snapshot.Row(row).Index, destination);
            destination[^1] = (byte)'/';
            destination = destination[..^1];
        }
    }

    private static bool TryGetParent(in JsonSnapshot snapshot, int row, out int parent)
    {
        parent = snapshot.Contains(row) ? snapshot.Row(row).Parent : -1;
        return parent >= 0;
    }

    private static bool IsNamed(in JsonSnapshot snapshot, int container) => snapshot.Row(container).Kind == JsonRowKind.Object;

    private static int GetNameLength(ReadOnlySpan<byte> raw)
    {
        if (!JsonText.HasEscapes(raw))
        {
            return GetEscapedLength(raw);
        }

        using var buffer = new PooledBytes(raw.Length);
        return GetEscapedLength(buffer.Span[..JsonText.Unescape(raw, buffer.Span)]);
    }

    private static int GetEscapedLength(ReadOnlySpan<byte> name) => name.Length + name.Count((byte)'~') + name.Count((byte)'/');

    private static int CountDigits(int index)
    {
        var digits = 1;
        while (index >= 10)
        {
            index /= 10;
            digits++;
        }

        return digits;
    }

    // These write at the end of the destination and return what is left before it.
    private static Span<byte> WriteIndex(int index, Span<byte> destination)
    {
        var start = destination.Length - CountDigits(index);
        index.TryFormat(destination[start..], out _, provider: CultureInfo.InvariantCulture);
        return destination[..start];
    }

    private static Span<byte> WriteName(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        if (!JsonText.HasEscapes(raw))
        {
            return WriteEscaped(raw, destination);
        }

        using var buffer = new PooledBytes(raw.Length);
        return WriteEscaped(buffer.Span[..JsonText.Unescape(raw, buffer.Span)], destination);
    }

    private static Span<byte> WriteEscaped(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        for (var i = name.Length - 1; i >= 0; i--)
        {
            if (name[i] is (byte)'~' or (byte)'/')
            {
                destination[^1] = name[i] == (byte)'~' ? (byte)'0' : (byte)'1';
                destination[^2] = (byte)'~';
                destination = destination[..^2];
            }
            else
            {
                destination[^1] = name[i];
                destination = destination[..^1];
            }
        }

        return destination;
    }
}
