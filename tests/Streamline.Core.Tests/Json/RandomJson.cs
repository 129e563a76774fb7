using System.Globalization;
using System.Text;

namespace Streamline.Tests.Json;

/// <summary>Random valid texts, with any whitespace, number form and escape, and with duplicate names.</summary>
internal static class RandomJson
{
    public static string Create(int seed)
    {
        var text = new StringBuilder();
        AppendValue(text, new Random(seed), depth: 0);
        return text.ToString();
    }

    /// <summary>A random number.</summary>
    public static string CreateNumber(int seed)
    {
        var text = new StringBuilder();
        AppendNumber(text, new Random(seed));
        return text.ToString();
    }

    private static void AppendValue(StringBuilder text, Random random, int depth)
    {
        AppendSpace(text, random);
        var (from, to) = depth switch
        {
            0 => (4, 6), // containers
            > 4 => (0, 4), // anything else
            _ => (0, 6),
        };
        switch (random.Next(from, to))
        {
            case 0 or 1:
                AppendString(text, random);
                break;
            case 2:
                AppendNumber(text, random);
                break;
            case 3:
                text.Append(random.Next(4) switch { 0 => "true", 1 => "false", 2 => "null", _ => "[]" });
                break;
            case 4:
                AppendContainer(text, random, depth, '{', '}');
                break;
            default:
                AppendContainer(text, random, depth, '[', ']');
                break;
        }

        AppendSpace(text, random);
    }

    private static void AppendContainer(StringBuilder text, Random random, int depth, char open, char close)
    {
        text.Append(open);
        var count = random.Next(6);
        for (var index = 0; index < count; index++)
        {
            text.Append(index == 0 ? "" : ",");
            if (open == '{')
            {
                AppendSpace(text, random);
                AppendString(text, random);
                AppendSpace(text, random);
                text.Append(':');
            }

            AppendValue(text, random, depth + 1);
        }

        AppendSpace(text, random);
        text.Append(close);
    }

    private static void AppendString(StringBuilder text, Random random)
    {
        text.Append('"');
        for (var left = random.Next(random.Next(8) == 0 ? 60 : 6); left > 0; left--)
        {
            _ = random.Next(9) switch
            {
                0 => text.Append('\\').Append("\"\\/bfnrt"[random.Next(8)]),
                1 => text.Append(CultureInfo.InvariantCulture, $"\\u{(char.IsSurrogate((char)random.Next(0x10000)) ? 0x41 : random.Next(0xD800)):x4}"),
                2 => text.Append("\\uD83D\\uDE0").Append("0123456789abcdefABCDEF"[random.Next(22)]),
                3 => text.Append(new Rune(random.Next(0x80, 0x800))),
                4 => text.Append(new Rune(random.Next(0xE000, 0xFFFE))),
                5 => text.Append(new Rune(random.Next(0x10000, 0x10FFFF))),
                _ => text.Append("abcdefgh {}[],:'"[random.Next(16)]),
            };
        }

        text.Append('"');
    }

    private static void AppendNumber(StringBuilder text, Random random)
    {
        text.Append(random.Next(2) == 0 ? "-" : "");
        text.Append(random.Next(3) == 0 ? "0" : random.NextInt64(1, random.Next(2) == 0 ? 100 : long.MaxValue).ToString(CultureInfo.InvariantCulture));
        text.Append(random.Next(3) == 0 ? "." + random.Next(100_000).ToString("D5", CultureInfo.InvariantCulture) : "");
        text.Append(random.Next(3) == 0 ? "eE"[random.Next(2)] + new[] { "", "+", "-" }[random.Next(3)] + random.Next(30).ToString(CultureInfo.InvariantCulture) : "");
    }

    private static void AppendSpace(StringBuilder text, Random random) => text.Append(' ', random.Next(5) == 0 ? random.Next(3) : 0);
}
