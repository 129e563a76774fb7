using System.Net;
using System.Text;

namespace Streamline.Text;

/// <summary>Backslash escapes and character references.</summary>
internal static class MarkdownEscapes
{
    public static string Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('\\', '&') < 0)
        {
            return text.ToString();
        }

        var decoded = new StringBuilder(text.Length);
        var literal = 0; // where the text began that no escape interrupts; character references are decoded only within it
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] == '\\' && char.IsAscii(text[i + 1]) && (char.IsPunctuation(text[i + 1]) || char.IsSymbol(text[i + 1])))
            {
                decoded.Append(WebUtility.HtmlDecode(text[literal..i].ToString())).Append(text[i + 1]);
                literal = i + 2;
                i++;
            }
        }

        return decoded.Append(WebUtility.HtmlDecode(text[literal..].ToString())).ToString();
    }
}
