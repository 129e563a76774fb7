using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>Where a rule matches a text.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GuardMatch(GuardRule Rule, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>Gets how far a text must reach for the match not to change anymore.</summary>
    public int FinalAt => End + Rule.GrowthChars;
}
