namespace Streamline.Json;

/// <summary>A text in one piece, for who asks for it although it lies in several blocks. What has been copied is not copied again.</summary>
internal sealed class JsonWholeText
{
    private byte[] _bytes = [];
    private int _count;

    /// <summary>The text up to an offset.</summary>
    public ReadOnlyMemory<byte> Get(JsonTextBlock text, int count)
    {
        if (count > _bytes.Length)
        {
            // Who has the old array keeps it as it is.
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(count + (count / 2L), Array.MaxLength));
            _bytes.AsSpan(0, _count).CopyTo(larger);
            _bytes = larger;
        }

        if (count > _count)
        {
            text.CopyTo(_count, count, _bytes.AsSpan(_count));
            _count = count;
        }

        return _bytes.AsMemory(0, count);
    }

    /// <summary>The text after an offset is taken back.</summary>
    public void Truncate(int count) => _count = Math.Min(_count, count);
}
