using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

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
public readonly partial struct PartialJsonElement
{
    private const int StackNameBytes = 128;

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

    private bool HasValue => _snapshot.Contains(_row);

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
            return GetElement(index);
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
        if (Encoding.UTF8.GetMaxByteCount(propertyName.Length) <= StackNameBytes)
        {
            Span<byte> utf8Name = stackalloc byte[StackNameBytes];
            return TryGetProperty(utf8Name[..Encoding.UTF8.GetBytes(propertyName, utf8Name)], out value);
        }

        using var buffer = new PooledBytes(Encoding.UTF8.GetByteCount(propertyName));
        Encoding.UTF8.GetBytes(propertyName, buffer.Span);
        return TryGetProperty(buffer.Span, out value);
    }

    /// <summary>Looks up the value of a property.</summary>
    /// <param name="utf8PropertyName">The name in UTF-8, compared byte by byte. Of several properties with this name, the last one counts.</param>
    /// <param name="value">The value; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</param>
    /// <returns><see langword="false"/> when there is no such property yet, or when this is not an object.</returns>
    public bool TryGetProperty(scoped ReadOnlySpan<byte> utf8PropertyName, out PartialJsonElement value)
    {
        value = default;
        if (ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var end = _snapshot.GetEndOfChildren(_row);
        for (var name = _row + 1; name < end; name = _snapshot.GetNext(name + 1))
        {
            if (JsonText.Equals(_snapshot.GetRawText(name), utf8PropertyName))
            {
                value = new PartialJsonElement(_snapshot, name + 1);
            }
        }

        return value.HasValue;
    }

    /// <summary>Gets the number of elements that have begun to arrive.</summary>
    /// <returns>0 for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public int GetArrayLength()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return CountChildren();
    }

    /// <summary>Gets the number of properties of which the value has begun to arrive, duplicates counted.</summary>
    /// <returns>0 for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public int GetPropertyCount()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return CountChildren();
    }

    private int CountChildren() => HasValue && _snapshot.GetLastChild(_row) is var last and >= 0 ? _snapshot.Row(last).Index + 1 : 0;

    private PartialJsonElement GetElement(int index)
    {
        if (ValueKind != JsonValueKind.Array || _snapshot.GetLastChild(_row) is not (var last and >= 0) || index > _snapshot.Row(last).Index)
        {
            return default;
        }

        // The last one is where a growing array is watched: no walk along its elders.
        if (index == _snapshot.Row(last).Index)
        {
            return new PartialJsonElement(_snapshot, last);
        }

        var row = _row + 1;
        while (index-- > 0)
        {
            row = _snapshot.GetNext(row);
        }

        return new PartialJsonElement(_snapshot, row);
    }

    private void Require(JsonValueKind kind, [CallerMemberName] string member = "")
    {
        if (ValueKind != kind)
        {
            throw WrongKind(kind.ToString(), member);
        }
    }

    private void RequireOrUndefined(JsonValueKind kind, [CallerMemberName] string member = "")
    {
        if (HasValue)
        {
            Require(kind, member);
        }
    }

    private InvalidOperationException WrongKind(string expected, string member) =>
        new($"{member}: found a value of kind {ValueKind}, expected {expected}.");
}
