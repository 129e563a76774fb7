using System.CommandLine;
using System.CommandLine.Parsing;

namespace Streamline.Cli;

/// <summary>Finds what was meant as an option and is none. Commands that take any text would otherwise take it for a part of that.</summary>
internal static class UnknownOption
{
    /// <summary>Gets what is wrong with a command line; <see langword="null"/> when every word that looks like an option is one.</summary>
    public static string? Find(ParseResult parsed)
    {
        var word = parsed.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument)
            .Select(token => token.Value)
            .FirstOrDefault(LooksLikeOption);
        if (word is null)
        {
            return null;
        }

        var name = word.Split('=', ':')[0];
        var nearest = Names(parsed).MinBy(known => Distance(name, known));
        var suggestion = nearest is not null && Distance(name, nearest) <= name.Length / 3 ? $"; did you mean '{nearest}'?" : "; --help lists them.";
        return $"There is no option '{name}'{suggestion} To pass it as text, put '--' before the text.";
    }

    private static bool LooksLikeOption(string word) =>
        word.StartsWith('-') && word.TrimStart('-') is [var first, ..] && char.IsAsciiLetter(first) && !word.Any(char.IsWhiteSpace);

    private static IEnumerable<string> Names(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));

    /// <summary>How many letters have to be inserted, left out or replaced to make one word of the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
