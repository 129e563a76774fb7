using System.Runtime.InteropServices;

namespace Streamline.Resilience;

/// <summary>Where a continuation follows what was shown.</summary>
/// <param name="Rest">What follows, as far as it has arrived.</param>
/// <param name="Confidence">How certain the place is.</param>
/// <param name="Overlap">How much was removed because it repeats what was shown.</param>
/// <param name="Preface">How much was removed before that.</param>
/// <param name="Separator">What is inserted before the rest; empty for nothing.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Joint(string Rest, SeamConfidence Confidence, int Overlap = 0, int Preface = 0, string Separator = "");

/// <summary>Finds where the text of a continuation follows what was shown, while it arrives.</summary>
internal interface IJointFinder
{
    /// <summary>Takes the next piece of the text.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="isLast">Whether no text follows.</param>
    /// <returns>The place; <see langword="null"/> while more text has to arrive.</returns>
    Joint? Add(string piece, bool isLast);

    /// <summary>Forgets the text so far: the continuation began anew.</summary>
    void Reset();
}
