using System.Runtime.InteropServices;

namespace Streamline.Json;

/// <summary>How far a snapshot reaches.</summary>
/// <remarks>Its numbers lie in one word, written and copied at once: a word that is read just after its halves were written costs more than all the rest of a snapshot.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct JsonExtent
{
    private readonly ulong _bits; // the byte count, the row count, and whether the last row is growing, in 32, 31 and 1 bits

    public JsonExtent(int byteCount, int rowCount, bool isLastGrowing)
        : this(byteCount, ((uint)rowCount << 1) | (isLastGrowing ? 1U : 0))
    {
    }

    private JsonExtent(int byteCount, uint rowCountAndGrowth) => _bits = ((ulong)(uint)byteCount << 32) | rowCountAndGrowth;

    /// <summary>How many bytes of the text are decided; nothing after them is read.</summary>
    public int ByteCount => (int)(_bits >> 32);

    /// <summary>How many rows are shown; nothing after them is read.</summary>
    public int RowCount => (int)((uint)_bits >> 1);

    /// <summary>How many rows will not change any more, except the ends of open containers.</summary>
    public int SettledRowCount => RowCount - (int)(_bits & 1);

    /// <summary>Whether the last row is a string or number that is not at its end.</summary>
    public bool IsLastGrowing => (_bits & 1) != 0;

    /// <summary>Whether a row is the last one, and a string or number that is not at its end. Containers tell by their end.</summary>
    public bool IsGrowingScalar(int row) => (uint)_bits == ((((uint)row + 1) << 1) | 1);

    /// <summary>The same rows, of which the last has grown.</summary>
    public JsonExtent WithByteCount(int byteCount) => new(byteCount, (uint)_bits);
}
