using System.Runtime.InteropServices;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>One row of the tape: a value or a property name, in the order of the text.</summary>
/// <remarks>
/// Written once when the value begins; <see cref="End"/> and <see cref="Next"/> are set once more when it ends. A snapshot taken in
/// between holds a byte count that does not reach <see cref="End"/>, or names the row as its growing one, so it sees no difference.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct JsonRow(JsonRowKind kind, int start, int parent, int index)
{
    private const int KindBits = 4;

    private readonly int _kindAndIndex = (index << KindBits) | (int)kind;

    /// <summary>The largest text of which every position fits into a row.</summary>
    public const int MaxTextBytes = (1 << (31 - KindBits)) - 1;

    /// <summary>The offset of the first byte, that of the opening quote for a string.</summary>
    public readonly int Start { get; } = start;

    /// <summary>The row of the container that this one is in; -1 at the root.</summary>
    public readonly int Parent { get; } = parent;

    /// <summary>The offset behind the last byte; 0 while the value grows.</summary>
    public int End { get; set; }

    /// <summary>The row behind the last row inside; 0 while the value grows.</summary>
    public int Next { get; set; }

    public readonly JsonRowKind Kind => (JsonRowKind)(_kindAndIndex & ((1 << KindBits) - 1));

    /// <summary>The position among the elements or properties of the container. A property name and its value have the same.</summary>
    public readonly int Index => _kindAndIndex >> KindBits;

    public readonly bool IsContainer => Kind is JsonRowKind.Object or JsonRowKind.Array;
}

/// <summary>What a row stands for: the numbers of <see cref="JsonValueKind"/>, and property names.</summary>
internal enum JsonRowKind
{
    Object = JsonValueKind.Object,
    Array = JsonValueKind.Array,
    String = JsonValueKind.String,
    Number = JsonValueKind.Number,
    True = JsonValueKind.True,
    False = JsonValueKind.False,
    Null = JsonValueKind.Null,
    PropertyName = 8,
}
