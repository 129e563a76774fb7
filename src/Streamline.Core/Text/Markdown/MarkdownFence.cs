namespace Streamline.Text;

/// <summary>The opening line of fenced code.</summary>
/// <param name="Marker">A backtick or a tilde.</param>
/// <param name="Length">The number of markers; the closing fence has at least as many.</param>
/// <param name="Indent">The columns before the fence, 0 to 3. As many are removed from each line of the code.</param>
/// <param name="Info">The info string, with escapes and character references decoded.</param>
internal readonly record struct MarkdownFence(char Marker, int Length, int Indent, string Info);
