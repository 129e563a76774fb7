namespace Streamline.Cli.Highlighting;

/// <summary>A piece of code of one colour.</summary>
/// <param name="Text">The text, never empty.</param>
/// <param name="Color">As <c>#569CD6</c>; <see langword="null"/> for the colour of plain text.</param>
internal readonly record struct CodeToken(string Text, string? Color);
