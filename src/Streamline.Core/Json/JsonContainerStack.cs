using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>The kinds of the open containers, one bit each, the innermost lowest.</summary>
/// <remarks>Nothing is allocated up to 64 levels. The words of the outer levels never change, so that copies of the stack may share them.</remarks>
internal struct JsonContainerStack
{
    private const int LevelsPerWord = 64;

    private ulong _innermost;
    private OuterLevels? _outer;

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

    /// <summary>Whether the same containers are open. Beyond 64 levels, stacks that are not copies of each other may be told apart although they are alike.</summary>
    public readonly bool IsSameAs(in JsonContainerStack other) =>
        Depth == other.Depth && ObjectCount == other.ObjectCount && Levels == other.Levels && _outer == other._outer;

    // Without what was shifted out of the lowest bits before.
    private readonly ulong Levels => Depth % LevelsPerWord == 0 ? (Depth == 0 ? 0 : _innermost) : _innermost & ((1UL << (Depth % LevelsPerWord)) - 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spill() => _outer = new OuterLevels(_innermost, _outer);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill()
    {
        _innermost = _outer!.Word;
        _outer = _outer.Next;
    }

    private sealed class OuterLevels(ulong word, OuterLevels? next)
    {
        public ulong Word { get; } = word;

        public OuterLevels? Next { get; } = next;
    }
}
