using System.Buffers;

namespace Streamline.Json;

/// <summary>Where the text of a document and its rows lie. A document and all of its snapshots share one.</summary>
/// <remarks>
/// Arrays are replaced by larger ones with the same content, and what a snapshot has shown never changes in them, so readers on other
/// threads may find either.
/// </remarks>
internal sealed class JsonStore
{
    private const int LeastRented = 64 * 1024; // smaller arrays are as cheap to allocate

    private byte[]? _bytes = [];
    private JsonRow[][]? _segments = [];
    private bool _isRented;

    /// <summary>The text, from its first byte on.</summary>
    /// <exception cref="ObjectDisposedException">The buffers have been returned.</exception>
    public byte[] Bytes => _bytes ?? throw Returned();

    /// <summary>The rows; see <see cref="JsonTape.Find"/>. An entry is replaced only by a longer one.</summary>
    /// <exception cref="ObjectDisposedException">The buffers have been returned.</exception>
    public JsonRow[][] Segments
    {
        get => _segments ?? throw Returned();
        set => Volatile.Write(ref _segments, value);
    }

    public ref JsonRow Row(int row) => ref JsonTape.Find(Segments, row);

    /// <summary>Moves the text to a larger array.</summary>
    /// <param name="used">How many bytes of the old one are text.</param>
    /// <param name="capacity">The least length of the new one.</param>
    public byte[] GrowBytes(int used, int capacity)
    {
        // Spans of readers may lie in the old array, so it does not go back to the pool.
        _isRented = capacity >= LeastRented;
        var larger = _isRented ? ArrayPool<byte>.Shared.Rent(capacity) : GC.AllocateUninitializedArray<byte>(capacity);
        Bytes.AsSpan(0, used).CopyTo(larger);
        Volatile.Write(ref _bytes, larger);
        return larger;
    }

    /// <summary>Gets an array of exactly so many rows.</summary>
    public static JsonRow[] RentSegment(int rows)
    {
        var rented = ArrayPool<JsonRow>.Shared.Rent(rows);
        return rented.Length == rows ? rented : GC.AllocateUninitializedArray<JsonRow>(rows);
    }

    /// <summary>Gives the arrays of a long text back to the pools that they come from. Nobody may be reading it.</summary>
    public void ReturnBuffers()
    {
        // Taken out before they go back, so that not even two callers at once give a pool the same array twice.
        var bytes = Interlocked.Exchange(ref _bytes, null);
        var segments = Interlocked.Exchange(ref _segments, null);
        if (bytes is not null && _isRented)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        // The first segment is not rented, and behind the last one there are empty places.
        for (var index = 1; index < segments?.Length; index++)
        {
            if (segments[index] is { } segment)
            {
                ArrayPool<JsonRow>.Shared.Return(segment);
            }
        }
    }

    private static ObjectDisposedException Returned() => new(nameof(PartialJsonDocument), "The buffers of the JSON document have been returned; neither it nor what was read from it can be used.");
}
