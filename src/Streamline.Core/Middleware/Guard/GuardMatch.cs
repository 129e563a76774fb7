using System.Runtime.InteropServices;

namespace Streamline;

/// <summary>Where a rule matches a text.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GuardMatch(GuardRule Rule, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>Gets a value indicating whether the match is as long as a match can be.</summary>
    public bool IsCut => Length == GuardRule.MaxMatchChars;
}
