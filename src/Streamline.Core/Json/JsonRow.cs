using System.Runtime.InteropServices;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>One row of the tape: a value, a property name, or the end of a container, in the order of the text.</summary>
/// <remarks>
/// Written once when it begins; only <see cref="End"/> is set later, once. A snapshot taken in between sees no difference: for a scalar it
/// knows that the row was growing, and for a container the end is after its last row.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct JsonRow(JsonRowKind kind, int start, int parent, int index)
{
    private const int KindBits = 4;

    /// <summary>The largest text of which every position fits into a row.</summary>
    public const int MaxTextBytes = (1 << (31 - KindBits)) - 1;

    private readonly int _indexAndKind = (index << KindBits) | (int)kind;

    /// <summary>The offset of the first byte, that of the opening quote for a string.</summary>
    public readonly int Start { get; } = start;

    /// <summary>The row of the container that this one is in, or ends; -1 at the root.</summary>
    public readonly int Parent { get; } = parent;

    /// <summary>Of a scalar or name: the offset after the last byte. Of a container: the row that ends it. 0 while it grows.</summary>
    public int End { get; set; }

    public readonly JsonRowKind Kind => (JsonRowKind)(_indexAndKind & ((1 << KindBits) - 1));

    /// <summary>The position among the elements or properties of the container. A property name and its value have the same.</summary>
    public readonly int Index => _indexAndKind >> KindBits;

    public readonly bool IsContainer => Kind is JsonRowKind.Object or JsonRowKind.Array;
}

/// <summary>What a row stands for: the numbers of <see cref="JsonValueKind"/>, and two more.</summary>
internal enum JsonRowKind
{
    Object = JsonValueKind.Object,
    Array = JsonValueKind.Array,
    String = JsonValueKind.String,
    Number = JsonValueKind.Number,
    True = JsonValueKind.True,
    False = JsonValueKind.False,
    Null = JsonValueKind.Null,
    PropertyName,
    EndOfContainer,
}
