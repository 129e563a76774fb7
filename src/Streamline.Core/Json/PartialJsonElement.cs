using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Json;

/// <summary>A value in a JSON document that may still be growing, as it was decided at the moment the snapshot was taken.</summary>
/// <remarks>
/// <para>
/// Immutable: it always answers the same, on any thread, while the document keeps growing. A later snapshot of the same document has everything that
/// this one has, and what was complete here is the same there. An element keeps the text of its document alive.
/// </para>
/// <para>
/// What has not arrived is of kind <see cref="JsonValueKind.Undefined"/>, as is the default instance. Looking into such an element finds nothing and
/// does not throw, so that paths may be followed before they exist.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public readonly struct PartialJsonElement
{
    // The depth is bounded where the text is read, by an option.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private readonly JsonSnapshot _snapshot;
    private readonly int _row;

    internal PartialJsonElement(JsonSnapshot snapshot, int row)
    {
        _snapshot = snapshot;
        _row = row;
    }

    /// <summary>Gets what the value is.</summary>
    /// <value><see cref="JsonValueKind.Undefined"/> as long as it has not begun, or cannot be told from its first bytes.</value>
    public JsonValueKind ValueKind => HasValue ? (JsonValueKind)_snapshot.Row(_row).Kind : JsonValueKind.Undefined;

    /// <summary>Gets a value indicating whether the value has arrived completely and will not change in later snapshots.</summary>
    /// <value>Strings and containers are incomplete until they are closed. <see langword="false"/> for <see cref="JsonValueKind.Undefined"/>.</value>
    public bool IsComplete => HasValue && _snapshot.IsComplete(_row);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string DebuggerDisplay => HasValue ? $"{ValueKind}{(IsComplete ? "" : " (growing)")}: {this}" : "Undefined";

    /// <summary>Gets the value of a property.</summary>
    /// <param name="propertyName">The name, compared ordinally. Of several properties with this name, the last one counts.</param>
    /// <value>Of kind <see cref="JsonValueKind.Undefined"/> when there is none yet, or when this is not an object.</value>
    /// <exception cref="ArgumentNullException"><paramref name="propertyName"/> is <see langword="null"/>.</exception>
    public PartialJsonElement this[string propertyName]
    {
        get
        {
            TryGetProperty(propertyName, out var value);
            return value;
        }
    }

    /// <summary>Gets an element of an array.</summary>
    /// <param name="index">The position, from 0.</param>
    /// <value>Of kind <see cref="JsonValueKind.Undefined"/> when there is none yet, or when this is not an array.</value>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public PartialJsonElement this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            return At(JsonNavigation.FindElement(_snapshot, _row, index));
        }
    }

    /// <summary>Looks up the value of a property.</summary>
    /// <param name="propertyName">The name, compared ordinally. Of several properties with this name, the last one counts.</param>
    /// <param name="value">The value; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</param>
    /// <returns><see langword="false"/> when there is no such property yet, or when this is not an object.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="propertyName"/> is <see langword="null"/>.</exception>
    public bool TryGetProperty(string propertyName, out PartialJsonElement value)
    {
        ArgumentNullException.ThrowIfNull(propertyName);
        return TryGetProperty(propertyName.AsSpan(), out value);
    }

    /// <inheritdoc cref="TryGetProperty(string, out PartialJsonElement)"/>
    public bool TryGetProperty(ReadOnlySpan<char> propertyName, out PartialJsonElement value)
    {
        value = At(JsonNavigation.FindProperty(_snapshot, _row, propertyName));
        return value.HasValue;
    }

    /// <summary>Looks up the value of a property.</summary>
    /// <param name="utf8PropertyName">The name in UTF-8, compared byte by byte. Of several properties with this name, the last one counts.</param>
    /// <param name="value">The value; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</param>
    /// <returns><see langword="false"/> when there is no such property yet, or when this is not an object.</returns>
    public bool TryGetProperty(scoped ReadOnlySpan<byte> utf8PropertyName, out PartialJsonElement value)
    {
        value = At(JsonNavigation.FindProperty(_snapshot, _row, utf8PropertyName));
        return value.HasValue;
    }

    /// <summary>Gets the number of elements that have begun to arrive.</summary>
    /// <returns>0 for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public int GetArrayLength()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return JsonNavigation.CountChildren(_snapshot, _row);
    }

    /// <summary>Gets the number of properties of which the value has begun to arrive, duplicates counted.</summary>
    /// <returns>0 for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public int GetPropertyCount()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return JsonNavigation.CountChildren(_snapshot, _row);
    }

    /// <summary>Enumerates the elements of an array that have begun to arrive; only the last one may be incomplete.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public PartialJsonArrayEnumerator EnumerateArray()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return new PartialJsonArrayEnumerator(this);
    }

    /// <summary>Enumerates the properties of an object of which the value has begun to arrive, duplicates included; only the last one may be incomplete.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public PartialJsonObjectEnumerator EnumerateObject()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return new PartialJsonObjectEnumerator(this);
    }

    /// <summary>Enumerates the elements of an array that have arrived completely.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public PartialJsonArrayEnumerator EnumerateCompletedItems()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return JsonNavigation.FindGrowingChild(_snapshot, _row) is var growing and >= 0 ? new PartialJsonArrayEnumerator(this, growing) : new PartialJsonArrayEnumerator(this);
    }

    /// <summary>Enumerates the properties of an object of which the value has arrived completely, duplicates included.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public PartialJsonObjectEnumerator EnumerateCompletedProperties()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return JsonNavigation.FindGrowingChild(_snapshot, _row) is var growing and >= 0 ? new PartialJsonObjectEnumerator(this, growing - 1) : new PartialJsonObjectEnumerator(this);
    }

    /// <summary>Enumerates what happened to this value, and to everything in it, since an earlier snapshot: what began, what grew by which text, and what completed.</summary>
    /// <param name="since">
    /// The same value in an earlier snapshot, whether of the last append or of any before; the default instance, or one of kind
    /// <see cref="JsonValueKind.Undefined"/>, for everything from the start.
    /// </param>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>. It is independent of what is appended later.</returns>
    /// <remarks>
    /// <para>
    /// The changes are in the order of the text, and only what is new is looked at, however large the document is. The changes since one snapshot and those
    /// since the next, one after the other, tell of the document whole: it can be rebuilt from their paths, kinds and added text alone.
    /// </para>
    /// <para>Appending does no work for this. To follow a document, keep the last snapshot: <c>root.EnumerateChanges(since: last)</c>, then <c>last = root</c>.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="since"/> is not an earlier snapshot of this value, as far as that can be seen.</exception>
    public PartialJsonChangeEnumerator EnumerateChanges(PartialJsonElement since = default)
    {
        if (!since.HasValue)
        {
            return new PartialJsonChangeEnumerator(new JsonChanges(_snapshot, _row));
        }

        if (since._row != _row || !_snapshot.IsLaterThan(since._snapshot))
        {
            throw new ArgumentException("The element is not an earlier snapshot of this value.", nameof(since));
        }

        return new PartialJsonChangeEnumerator(new JsonChanges(_snapshot, _row, since._snapshot));
    }

    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <returns>
    /// Whole characters only: never half an escape or half a surrogate pair. A lone surrogate is U+FFFD. <see langword="null"/> for
    /// <see cref="JsonValueKind.Null"/> and <see cref="JsonValueKind.Undefined"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The value is neither a string nor null.</exception>
    public string? GetString() => ValueKind switch
    {
        JsonValueKind.String => JsonText.GetString(_snapshot.GetRawText(_row)),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => throw WrongKind(nameof(JsonValueKind.String), nameof(GetString)),
    };

    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <param name="value">The text, as <see cref="GetString"/> gives it; <see langword="null"/> when there is none.</param>
    /// <returns><see langword="false"/> when the value is not a string.</returns>
    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = ValueKind == JsonValueKind.String ? JsonText.GetString(_snapshot.GetRawText(_row)) : null;
        return value is not null;
    }

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="text">The text to compare with, ordinally, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<char> text) => ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), text);

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="utf8Text">The text to compare with, in UTF-8, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<byte> utf8Text) =>
        ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), utf8Text);

    /// <summary>Gets a boolean.</summary>
    /// <param name="value">The value, or <see langword="false"/>.</param>
    /// <returns><see langword="false"/> when the value is neither true nor false.</returns>
    public bool TryGetBoolean(out bool value)
    {
        value = ValueKind == JsonValueKind.True;
        return value || ValueKind == JsonValueKind.False;
    }

    /// <summary>Gets a boolean.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool GetBoolean() => ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongKind("True or False", nameof(GetBoolean)),
    };

    /// <summary>Gets the text of the value as it was written, as far as it is decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    public string GetRawText() => Encoding.UTF8.GetString(GetRawUtf8());

    /// <summary>Gets the UTF-8 bytes of the value as they were written, as far as they are decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>. Never changes. Of an object or array of more than 64 KiB it may be a copy.</returns>
    public ReadOnlySpan<byte> GetRawUtf8() => HasValue ? _snapshot.GetRaw(_row) : default;

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
        var row = _row;
        return JsonNavigation.TryFollow(_snapshot, ref row, pointer, out var rest) ? At(row) : throw JsonNavigation.NotFound(_snapshot, row, pointer, rest);
    }

    /// <summary>Looks up the value that a JSON Pointer names, from this element on.</summary>
    /// <param name="pointer">As for <see cref="GetPointer"/>.</param>
    /// <param name="value">The value; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</param>
    /// <returns><see langword="false"/> when there is no such value, or it has not begun to arrive.</returns>
    /// <exception cref="ArgumentException"><paramref name="pointer"/> is not a JSON Pointer.</exception>
    public bool TryGetPointer(ReadOnlySpan<char> pointer, out PartialJsonElement value)
    {
        var row = _row;
        var isFound = JsonNavigation.TryFollow(_snapshot, ref row, pointer, out _);
        value = isFound ? At(row) : default;
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

    /// <summary>Gets what has arrived as mutable nodes of the base class library, with open strings and containers closed.</summary>
    /// <returns>
    /// An independent copy; <see langword="null"/> for <see cref="JsonValueKind.Null"/> and <see cref="JsonValueKind.Undefined"/>. Of several properties with
    /// one name, only the last one is in it. Numbers keep their digits.
    /// </returns>
    public JsonNode? ToJsonNode() => HasValue ? JsonNodes.Create(_snapshot, _row) : null;

    /// <summary>Finds the properties, anywhere in this value, that repeat the name of an earlier one of the same object.</summary>
    /// <returns>The value of each, in the order of the text, of which <see cref="GetPath"/> tells the place; empty when all names are unique.</returns>
    /// <remarks>Lookups take the last of several. The time it takes is in proportion to the size of this value.</remarks>
    public IReadOnlyList<PartialJsonElement> FindDuplicates()
    {
        var snapshot = _snapshot;
        return JsonNavigation.FindDuplicates(snapshot, _row).ConvertAll(row => new PartialJsonElement(snapshot, row));
    }

    /// <summary>Writes what has arrived as well-formed JSON: open strings and containers are closed.</summary>
    /// <param name="writer">The writer to write one value to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The value is of kind <see cref="JsonValueKind.Undefined"/>.</exception>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        RequireValue(nameof(WriteTo));
        new JsonRowWriter(writer, _snapshot).Write(_row);
    }

    /// <summary>Gets what has arrived as an element of the base class library, with open strings and containers closed.</summary>
    /// <returns>An independent copy. The default <see cref="JsonElement"/> for <see cref="JsonValueKind.Undefined"/>.</returns>
    public JsonElement ToJsonElement() => HasValue ? JsonElement.Parse(JsonRowWriter.WriteClosed(_snapshot, _row), AnyDepth) : default;

    /// <summary>Deserializes what has arrived, with open strings and containers closed.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The value is of kind <see cref="JsonValueKind.Undefined"/>.</exception>
    /// <exception cref="JsonException">The value does not fit the type, or lacks what the type requires.</exception>
    public T? Deserialize<T>(JsonTypeInfo<T> jsonTypeInfo)
    {
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        RequireValue(nameof(Deserialize));
        return JsonSerializer.Deserialize(JsonRowWriter.WriteClosed(_snapshot, _row), jsonTypeInfo);
    }

    /// <summary>Deserializes what has arrived to a type that is known only when the program runs.</summary>
    internal object? Deserialize(JsonTypeInfo jsonTypeInfo) =>
        JsonSerializer.Deserialize(JsonRowWriter.WriteClosed(_snapshot, _row), jsonTypeInfo);

    /// <summary>Gets the value as text.</summary>
    /// <returns>The text of a string; well-formed JSON for everything else; empty for null and <see cref="JsonValueKind.Undefined"/>.</returns>
    public override string ToString() => ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => GetString()!,
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        _ => IsComplete ? GetRawText() : Encoding.UTF8.GetString(JsonRowWriter.Write(_snapshot, _row)),
    };

    /// <summary>Gets the position of this value in its document, the same in every snapshot.</summary>
    internal int Position => _row;

    /// <summary>Gets the moment that the element shows.</summary>
    internal JsonSnapshot Snapshot => _snapshot;

    /// <summary>Whether the value has begun to arrive.</summary>
    internal bool HasValue => _snapshot.Contains(_row);

    /// <summary>Gets the value at a position in this snapshot.</summary>
    internal PartialJsonElement At(int position) => new(_snapshot, position);

    /// <summary>What is wrong with a call that wants another kind of value.</summary>
    internal InvalidOperationException WrongKind(string expected, string member) =>
        new($"{member}: found a value of kind {ValueKind}, expected {expected}.");

    private void RequireValue(string member)
    {
        if (!HasValue)
        {
            throw WrongKind("a value", member);
        }
    }

    private void RequireOrUndefined(JsonValueKind kind, [CallerMemberName] string member = "")
    {
        if (HasValue && ValueKind != kind)
        {
            throw WrongKind(kind.ToString(), member);
        }
    }
}
