using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>What <see cref="SentenceRules"/> says of a place in a text.</summary>
internal enum SentenceBoundaryKind
{
    /// <summary>The text goes too short a way beyond the place to tell.</summary>
    NeedsMore,

    /// <summary>No sentence ends here.</summary>
    None,

    /// <summary>A sentence ends here, unless it is shorter than is wanted.</summary>
    End,

    /// <summary>A sentence ends here, however short: the paragraph, list item or heading ends too.</summary>
    HardEnd,
}

/// <summary>Whether a sentence ends at a place.</summary>
/// <param name="Kind">What is known.</param>
/// <param name="Position">The end of the sentence; when there is none, where to look further.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentenceBoundary(SentenceBoundaryKind Kind, int Position)
{
    public static SentenceBoundary NeedsMore { get; } = new(SentenceBoundaryKind.NeedsMore, 0);

    public static SentenceBoundary None(int position) => new(SentenceBoundaryKind.None, position);

    public static SentenceBoundary End(int position) => new(SentenceBoundaryKind.End, position);

    public static SentenceBoundary HardEnd(int position) => new(SentenceBoundaryKind.HardEnd, position);
}
