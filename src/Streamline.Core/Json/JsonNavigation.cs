using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Finds rows in a snapshot: properties, elements, and what a JSON Pointer names. A row that is not there is -1.</summary>
internal static class JsonNavigation
{
    private const int StackNameBytes = 128;

    /// <summary>Finds the value of the last property with a name.</summary>
    public static int FindProperty(in JsonSnapshot snapshot, int container, ReadOnlySpan<char> name)
    {
        if (Encoding.UTF8.GetMaxByteCount(name.Length) <= StackNameBytes)
        {
            Span<byte> utf8Name = stackalloc byte[StackNameBytes];
            return FindProperty(snapshot, container, utf8Name[..Encoding.UTF8.GetBytes(name, utf8Name)]);
        }

        using var buffer = new PooledBytes(Encoding.UTF8.GetByteCount(name));
        Encoding.UTF8.GetBytes(name, buffer.Span);
        return FindProperty(snapshot, container, buffer.Span);
    }

    /// <inheritdoc cref="FindProperty(in JsonSnapshot, int, ReadOnlySpan{char})"/>
    public static int FindProperty(in JsonSnapshot snapshot, int container, scoped ReadOnlySpan<byte> utf8Name)
    {
        var found = -1;
        if (!IsA(snapshot, container, JsonRowKind.Object))
        {
            return found;
        }

        var end = snapshot.GetEndOfChildren(container);
        for (var name = container + 1; name < end; name = snapshot.GetNext(name + 1))
        {
            if (JsonText.Equals(snapshot.GetRawText(name), utf8Name))
            {
                found = name + 1;
            }
        }

        return snapshot.Contains(found) ? found : -1;
    }

    /// <summary>Finds an element of an array.</summary>
    public static int FindElement(in JsonSnapshot snapshot, int container, int index)
    {
        if (!IsA(snapshot, container, JsonRowKind.Array) || snapshot.GetLastChild(container) is not (var last and >= 0) || index > snapshot.Row(last).Index)
        {
            return -1;
        }

        // The last one is where a growing array is watched: no walk along its elders.
        if (index == snapshot.Row(last).Index)
        {
            return last;
        }

        var row = container + 1;
        while (index-- > 0)
        {
            row = snapshot.GetNext(row);
        }

        return row;
    }

    /// <summary>Finds the child of a container at a position: 0, or the row after the child before it.</summary>
    public static int FindChild(in JsonSnapshot snapshot, int container, int position)
    {
        if (!snapshot.Contains(container) || !snapshot.Row(container).IsContainer)
        {
            return -1;
        }

        var row = position == 0 ? container + 1 : position;
        if (row >= snapshot.GetEndOfChildren(container))
        {
            return -1;
        }

        row += snapshot.Row(row).Kind == JsonRowKind.PropertyName ? 1 : 0;
        return snapshot.Contains(row) ? row : -1;
    }

    /// <summary>Finds the element or property value of a container that has not ended.</summary>
    public static int FindGrowingChild(in JsonSnapshot snapshot, int container) =>
        snapshot.Contains(container) && !snapshot.IsComplete(container) && snapshot.GetLastChild(container) is var last and >= 0 && !snapshot.IsComplete(last) ? last : -1;

    /// <summary>Counts the elements or property values of a container.</summary>
    public static int CountChildren(in JsonSnapshot snapshot, int container) =>
        snapshot.Contains(container) && snapshot.GetLastChild(container) is var last and >= 0 ? snapshot.Row(last).Index + 1 : 0;

    /// <summary>Finds the values of properties, anywhere in a value, that repeat the name of an earlier one of the same object.</summary>
    public static List<int> FindDuplicates(in JsonSnapshot snapshot, int value)
    {
        var duplicates = new List<int>();
        var open = new Stack<HashSet<string>?>();
        var end = snapshot.Contains(value) ? snapshot.GetNext(value) : 0;
        for (var row = value; row < end; row++)
        {
            switch (snapshot.Row(row).Kind)
            {
                case JsonRowKind.Object:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonRowKind.Array:
                    open.Push(null);
                    break;
                case JsonRowKind.EndOfContainer:
                    open.Pop();
                    break;
                case JsonRowKind.PropertyName when !open.Peek()!.Add(JsonText.GetString(snapshot.GetRawText(row))):
                    duplicates.Add(row + 1);
                    break;
                default:
                    break;
            }
        }

        return duplicates;
    }

    /// <summary>Follows a JSON Pointer.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="row">The row of the value from which the pointer leads; afterwards that of the value where it ends, which may be early.</param>
    /// <param name="pointer">The pointer.</param>
    /// <param name="rest">What could not be followed.</param>
    /// <exception cref="ArgumentException"><paramref name="pointer"/> is not a JSON Pointer.</exception>
    public static bool TryFollow(in JsonSnapshot snapshot, ref int row, ReadOnlySpan<char> pointer, out ReadOnlySpan<char> rest)
    {
        JsonPointer.Validate(pointer);
        rest = pointer;
        while (!rest.IsEmpty)
        {
            var child = FindNamed(snapshot, row, JsonPointer.NextToken(rest, out var after));
            if (child < 0)
            {
                return false;
            }

            row = child;
            rest = after;
        }

        return snapshot.Contains(row);
    }

    /// <summary>Describes where a pointer that could not be followed ends.</summary>
    public static KeyNotFoundException NotFound(in JsonSnapshot snapshot, int end, string pointer, ReadOnlySpan<char> rest)
    {
        var place = rest.Length == pointer.Length ? "at the start of the path" : $"at '{pointer[..^rest.Length]}'";
        var growing = snapshot.Contains(end) && snapshot.IsComplete(end) ? "" : ", which is growing";
        var found = !snapshot.Contains(end) ? "nothing yet" : snapshot.Row(end).Kind switch
        {
            JsonRowKind.Object => $"an object without this property{growing}",
            JsonRowKind.Array => string.Create(CultureInfo.InvariantCulture, $"an array with {CountChildren(snapshot, end)} elements{growing}"),
            var kind => $"a value of kind {(JsonValueKind)kind}",
        };
        return new KeyNotFoundException($"The JSON Pointer '{pointer}' leads nowhere: found {found}, {place}.");
    }

    private static int FindNamed(in JsonSnapshot snapshot, int container, ReadOnlySpan<char> token) =>
        IsA(snapshot, container, JsonRowKind.Object) ? FindProperty(snapshot, container, token.Contains('~') ? JsonPointer.Unescape(token) : token)
        : IsA(snapshot, container, JsonRowKind.Array) && JsonPointer.TryParseIndex(token, out var index) ? FindElement(snapshot, container, index)
        : -1;

    private static bool IsA(in JsonSnapshot snapshot, int row, JsonRowKind kind) => snapshot.Contains(row) && snapshot.Row(row).Kind == kind;
}
