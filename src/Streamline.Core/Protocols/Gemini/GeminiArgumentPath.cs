using System.Globalization;

namespace Streamline.Protocols.Gemini;

/// <summary>Reads the paths of streamed arguments: <c>$.a.items[0].title</c>, and names in quotes within brackets.</summary>
internal static class GeminiArgumentPath
{
    /// <summary>Reads a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="steps">Its steps: a name, or the index of an item.</param>
    /// <returns><see langword="false"/> when the path is not of this form.</returns>
    public static bool TryRead(string? path, List<(string? Name, int Index)> steps)
    {
        steps.Clear();
        if (path is not ['$', ..])
        {
            return false;
        }

        var rest = path.AsSpan(1);
        while (!rest.IsEmpty)
        {
            if (!(rest[0] == '.' ? TryReadName(ref rest, steps) : TryReadBracket(ref rest, steps)))
            {
                return false;
            }
        }

        return steps.Count > 0;
    }

    private static bool TryReadName(ref ReadOnlySpan<char> rest, List<(string? Name, int Index)> steps)
    {
        rest = rest[1..];
        var length = rest.IndexOfAny('.', '[');
        var name = length < 0 ? rest : rest[..length];
        rest = rest[name.Length..];
        steps.Add((name.ToString(), 0));
        return !name.IsEmpty;
    }

    private static bool TryReadBracket(ref ReadOnlySpan<char> rest, List<(string? Name, int Index)> steps)
    {
        if (rest is not ['[', var first, ..])
        {
            return false;
        }

        var isName = first is '\'' or '"';
        var end = isName ? rest.IndexOf([first, ']']) : rest.IndexOf(']');
        var value = end < 0 ? default : rest[(isName ? 2 : 1)..Math.Max(end, isName ? 2 : 1)];
        if (end < 0 || (isName && end < 2))
        {
            return false;
        }

        rest = rest[(end + (isName ? 2 : 1))..];
        var index = 0;
        var isValid = isName || int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out index);
        steps.Add((isName ? value.ToString() : null, index));
        return isValid;
    }
}
