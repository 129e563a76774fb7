namespace Streamline.Text;

/// <summary>A place in a line.</summary>
/// <param name="Offset">In UTF-16 code units.</param>
/// <param name="Column">In columns, where a tab reaches to the next multiple of four.</param>
/// <param name="IsWithinTab">Whether a part of the tab at the offset has been consumed.</param>
/// <param name="NoBreakBefore">An offset before which no thematic break begins.</param>
internal readonly record struct LinePosition(int Offset, int Column, bool IsWithinTab, int NoBreakBefore);
