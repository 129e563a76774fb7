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

#if DEBUG
    private const int FirstBytes = 16; // so that every test has many blocks
    private const int BlockBytes = 64;
#else
    private const int FirstBytes = 256;
    private const int BlockBytes = 64 * 1024; // larger arrays lie in the large-object heap
#endif
    private const int MostBlocks = 8; // of the common size; of longer texts, each block is the longer, so that few have to be searched
    private const int LeastRentedBytes = 1024; // smaller arrays are as cheap to allocate
    private const int LeastRentedRows = 64;

    private JsonTextBlock? _text = Empty;
    private JsonRow[][]? _segments = [];
    private List<byte[]>? _rentedBytes;
    private List<JsonRow[]>? _rentedRows;

    /// <summary>The last block of the text.</summary>
    /// <exception cref="ObjectDisposedException">The buffers have been returned.</exception>
    public JsonTextBlock Text
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _text ?? throw Returned();
        private set => Volatile.Write(ref _text, value);
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

    /// <summary>Makes room for more text: in a larger block in place of the last one, or in a further one.</summary>
    /// <param name="count">How long the text is.</param>
    /// <param name="added">How much is to be added.</param>
    /// <param name="token">Where a further block may begin, so that no token lies in two; not before the last block.</param>
    public JsonTextBlock Grow(int count, int added, int token)
    {
        var last = Text;
        var isFurther = last.Bytes.Length >= BlockBytes && token > last.Start;
        var start = isFurther ? token : last.Start;
        var needed = (long)count - start + added;
        var usual = Math.Max(isFurther || last.Bytes.Length >= BlockBytes ? BlockBytes : Math.Clamp(last.Bytes.Length * Growth, FirstBytes, BlockBytes), count / MostBlocks);
        var capacity = (int)Math.Max(needed, Math.Min(Math.Max(usual, 2L * (count - start)), JsonRow.MaxTextBytes));
        var bytes = capacity < LeastRentedBytes ? GC.AllocateUninitializedArray<byte>(capacity) : Rent(capacity, ref _rentedBytes);
        last.CopyTo(start, count, bytes);
        return Text = new JsonTextBlock(start, bytes, isFurther ? last : last.Earlier);
    }

    /// <summary>Takes back blocks that begin after the end of the text.</summary>
    public void Truncate(int count)
    {
        while (count < Text.Start)
        {
            Text = Text.Earlier!;
        }
    }

    /// <summary>Gets an array of exactly so many rows.</summary>
    public JsonRow[] CreateSegment(int rows) =>
        rows >= LeastRentedRows && Rent(rows, ref _rentedRows) is var rented && rented.Length == rows ? rented : GC.AllocateUninitializedArray<JsonRow>(rows);

    /// <summary>Gives the arrays of a long text back to the pools that they come from. Nobody may be reading it.</summary>
    public void ReturnBuffers()
    {
        _text = null;
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

    private static readonly JsonTextBlock Empty = new(0, [], earlier: null);

    private static ObjectDisposedException Returned() => new(nameof(PartialJsonDocument), "The buffers of the JSON document have been returned; neither it nor what was read from it can be used.");
}
