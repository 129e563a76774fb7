using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Places: looking a value up by its JSON Pointer (RFC 6901), and telling the pointer of a value.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Looks up the value that a JSON Pointer names, from this element on.</summary>
    /// <param name="pointer">
    /// Such as <c>/items/3/name</c>; empty for this element. <c>~1</c> stands for a slash in a name, <c>~0</c> for a tilde. Of several properties with one
    /// name, the last one counts.
    /// </param>
    /// <returns>The value, as far as it has arrived.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="pointer"/> is not a JSON Pointer.</exception>
    /// <exception cref="KeyNotFoundException">There is no such value, or it has not begun to arrive; the message says where the path ends.</exception>
    public PartialJsonElement GetPointer(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        return TryFollow(pointer, out var value, out var rest) ? value : throw NotFound(pointer, value, rest);
    }

    /// <summary>Looks up the value that a JSON Pointer names, from this element on.</summary>
    /// <param name="pointer">As for <see cref="GetPointer"/>.</param>
    /// <param name="value">The value; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</param>
    /// <returns><see langword="false"/> when there is no such value, or it has not begun to arrive.</returns>
    /// <exception cref="ArgumentException"><paramref name="pointer"/> is not a JSON Pointer.</exception>
    public bool TryGetPointer(ReadOnlySpan<char> pointer, out PartialJsonElement value)
    {
        var isFound = TryFollow(pointer, out value, out _);
        value = isFound ? value : default;
        return isFound;
    }

    /// <summary>Gets the JSON Pointer (RFC 6901) of this value, from the root of its document.</summary>
    /// <returns>Such as <c>/items/3/name</c>; empty for the root. Every call makes a new string.</returns>
    public string GetPath()
    {
        using var buffer = new PooledBytes(JsonPointer.GetLength(_snapshot, _row));
        JsonPointer.Write(_snapshot, _row, buffer.Span);
        return Encoding.UTF8.GetString(buffer.Span);
    }

    /// <summary>Writes the JSON Pointer (RFC 6901) of this value, from the root of its document, without making a string.</summary>
    /// <param name="utf8Destination">Where to write, in UTF-8.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 when there was no room.</param>
    /// <returns><see langword="false"/> when the destination is too short.</returns>
    public bool TryWritePath(Span<byte> utf8Destination, out int bytesWritten)
    {
        bytesWritten = JsonPointer.GetLength(_snapshot, _row);
        if (bytesWritten > utf8Destination.Length)
        {
            bytesWritten = 0;
            return false;
        }

        JsonPointer.Write(_snapshot, _row, utf8Destination[..bytesWritten]);
        return true;
    }

    // When the path ends early: the value where it ends, and the rest of the pointer.
    private bool TryFollow(ReadOnlySpan<char> pointer, out PartialJsonElement value, out ReadOnlySpan<char> rest)
    {
        JsonPointer.Validate(pointer);
        value = this;
        rest = pointer;
        while (!rest.IsEmpty)
        {
            var token = JsonPointer.NextToken(rest, out var after);
            var next = value.GetChild(token);
            if (!next.HasValue)
            {
                return false;
            }

            value = next;
            rest = after;
        }

        return value.HasValue;
    }

    private PartialJsonElement GetChild(ReadOnlySpan<char> token)
    {
        var child = default(PartialJsonElement);
        switch (ValueKind)
        {
            case JsonValueKind.Object when token.Contains('~'):
                TryGetProperty(JsonPointer.Unescape(token), out child);
                break;
            case JsonValueKind.Object:
                TryGetProperty(token, out child);
                break;
            case JsonValueKind.Array when JsonPointer.TryParseIndex(token, out var index):
                child = GetElement(index);
                break;
            default:
                break;
        }

        return child;
    }

    private static KeyNotFoundException NotFound(string pointer, PartialJsonElement end, ReadOnlySpan<char> rest)
    {
        var place = rest.Length == pointer.Length ? "at the start of the path" : $"at '{pointer[..^rest.Length]}'";
        var growing = end.IsComplete ? "" : ", which is growing";
        var found = end.ValueKind switch
        {
            JsonValueKind.Object => $"an object without this property{growing}",
            JsonValueKind.Array => string.Create(CultureInfo.InvariantCulture, $"an array with {end.CountChildren()} elements{growing}"),
            JsonValueKind.Undefined => "nothing yet",
            var kind => $"a value of kind {kind}",
        };
        return new KeyNotFoundException($"The JSON Pointer '{pointer}' leads nowhere: found {found}, {place}.");
    }
}
