using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>The kinds of the open containers, one bit each, the innermost lowest.</summary>
/// <remarks>Nothing is allocated up to 64 levels. Beyond them, copies of the stack share the words of the outer levels.</remarks>
internal struct JsonContainerStack
{
    private const int LevelsPerWord = 64;

    private ulong _innermost;
    private ulong[]? _outer;

    /// <summary>How many containers are open.</summary>
    public int Depth { readonly get; private set; }

    /// <summary>How many of them are objects.</summary>
    public int ObjectCount { readonly get; private set; }

    /// <summary>Whether the innermost open container is an object; meaningless when none is open.</summary>
    public readonly bool IsObject => (_innermost & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(bool isObject)
    {
        if (Depth != 0 && Depth % LevelsPerWord == 0)
        {
            Spill();
        }

        _innermost = (_innermost << 1) | (isObject ? 1UL : 0UL);
        Depth++;
        ObjectCount += isObject ? 1 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pop()
    {
        ObjectCount -= (int)(_innermost & 1);
        _innermost >>= 1;
        Depth--;
        if (Depth != 0 && Depth % LevelsPerWord == 0)
        {
            Refill();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spill()
    {
        var word = (Depth / LevelsPerWord) - 1;
        if (_outer is null || word == _outer.Length)
        {
            Array.Resize(ref _outer, Math.Max(1, word * 2));
        }

        _outer[word] = _innermost;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill() => _innermost = _outer![(Depth / LevelsPerWord) - 1];
}
