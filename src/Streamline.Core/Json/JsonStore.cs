using System.Buffers;
using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>Where the text of a document and its rows lie. A document and all of its snapshots share one.</summary>
/// <remarks>
/// Arrays are replaced by larger ones with the same content, and what a snapshot has shown never changes in them, so readers on other
/// threads may find either.
/// </remarks>
internal sealed class JsonStore
{
    /// <summary>How many times as large the array is that replaces one. What was replaced stays with the document, so that fewer arrays are less memory, and less copying.</summary>
    public const int Growth = 4;

    private const int LargeBytes = 64 * 1024; // larger arrays lie in the large-object heap: what they take counts for more than copying them once more

    private const int LeastRentedBytes = 1024; // smaller arrays are as cheap to allocate
    private const int LeastRentedRows = 64;

    private byte[]? _bytes = [];
    private JsonRow[][]? _segments = [];
    private List<byte[]>? _rentedBytes;
    private List<JsonRow[]>? _rentedRows;

    /// <summary>The text, from its first byte on.</summary>
    /// <exception cref="ObjectDisposedException">The buffers have been returned.</exception>
    public byte[] Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bytes ?? throw Returned();
    }

    /// <summary>The rows; see <see cref="JsonTape.Find"/>. An entry is replaced only by a longer one.</summary>
    /// <exception cref="ObjectDisposedException">The buffers have been returned.</exception>
    public JsonRow[][] Segments
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _segments ?? throw Returned();
        set => Volatile.Write(ref _segments, value);
    }

    public ref JsonRow Row(int row) => ref JsonTape.Find(Segments, row);

    /// <summary>How long the array is that replaces one for the text.</summary>
    public static int NextLength(int length) => length < LargeBytes ? length * Growth : (int)Math.Min(length * 2L, int.MaxValue);

    /// <summary>Moves the text to a larger array.</summary>
    /// <param name="used">How many bytes of the old one are text.</param>
    /// <param name="capacity">The least length of the new one.</param>
    public byte[] GrowBytes(int used, int capacity)
    {
        var larger = capacity < LeastRentedBytes ? GC.AllocateUninitializedArray<byte>(capacity) : Rent(capacity, ref _rentedBytes);
        Bytes.AsSpan(0, used).CopyTo(larger);
        Volatile.Write(ref _bytes, larger);
        return larger;
    }

    /// <summary>Gets an array of exactly so many rows.</summary>
    public JsonRow[] CreateSegment(int rows) =>
        rows >= LeastRentedRows && Rent(rows, ref _rentedRows) is var rented && rented.Length == rows ? rented : GC.AllocateUninitializedArray<JsonRow>(rows);

    /// <summary>Gives the arrays of a long text back to the pools that they come from. Nobody may be reading it.</summary>
    public void ReturnBuffers()
    {
        _bytes = null;
        _segments = null;
        Return(ref _rentedBytes);
        Return(ref _rentedRows);
    }

    // Those that were replaced stay rented like the others: spans of readers may lie in them.
    private static T[] Rent<T>(int length, ref List<T[]>? rented)
    {
        var array = ArrayPool<T>.Shared.Rent(length);
        (rented ??= []).Add(array);
        return array;
    }

    private static void Return<T>(ref List<T[]>? rented)
    {
        // Taken out before they go back, so that not even two callers at once give a pool the same array twice.
        foreach (var array in Interlocked.Exchange(ref rented, null) ?? [])
        {
            ArrayPool<T>.Shared.Return(array);
        }
    }

    private static ObjectDisposedException Returned() => new(nameof(PartialJsonDocument), "The buffers of the JSON document have been returned; neither it nor what was read from it can be used.");
}
