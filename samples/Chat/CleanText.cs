using System.Text;

namespace ChatSample;

/// <summary>Text of a model or a tool without what would move the cursor or command the terminal.</summary>
internal static class CleanText
{
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\t' => clean.Append("    "),
                '\n' => clean.Append(character),
                _ => char.IsControl(character) ? clean : clean.Append(character),
            };
        }

        return clean.ToString();
    }

    public static string OneLine(string text, int max)
    {
        var line = Of(text).Replace('\n', ' ');
        return line.Length <= max ? line : string.Concat(line.AsSpan(0, max - 1), "…");
    }
}
