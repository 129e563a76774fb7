using System.Text;

namespace Streamline.Tests.Json;

/// <summary>Texts that are no JSON, each from a seed: valid ones with a few bytes changed, pieces of JSON and of what models write, and random bytes.</summary>
internal static class MalformedText
{
    private const string Inserted = "{}[]\"',:\\/ \n\tabtn019.-+()#`*;=<>";

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "'", "`", "```", "```json\n", "“", "”", "‘", "’", "´", ",", ":", "\\", "\\\"", "\n", "\r", " ", "\t", "a", "b c", "true", "tru", "null",
        "None", "12", "-", "1.", "1e", ".5", "0x1F", "NaN", "/", "//", "/*", "*/", "#", "...", "…", "+", "(", ")", "f(", ";", "=", "<think>", "</think>", "é", "：", "，",
        "\u0000", "\u0001", "{\"a\":", "\"x\"", "\"b\":1", "[1,2]", "{\"k\":\"v\"}", "😀", "\\u12", "\\ud83d", "\\n", "\\q", "https://x.y/z", "\uFEFF", "\u00A0", "12 in", "say \"hi\" ", "[Note] ",
        "\"\"\"", "'''", "u'a'", "b\"", "(1,", "(", ")", "\"{\"x\":1}\"", "\"[\"", "}, \"c\":2", "}\n", "\"d: 1", "\"e:\"", " F \"g\":", "x[1]", "d(1, 2)", "\"a\" \"b\" ", "\n```", "{\"\"h\"\"",
    ];

    // What decisions wait for is bounded by 64 or 256 bytes.
    private static readonly int[] Lengths = [64, 66, 68, 190, 240, 254, 256, 258, 260, 320];
    private static readonly string[] Stretched = [" ", "\t", "\n", "a", "a ", ",", "]", "}", "1", "é", "\\n", "\"", ", ", "\\", "'", "/", "\",\"", "\uFEFF"];

    /// <summary>Changes, inserts, removes or repeats a few bytes.</summary>
    public static byte[] Mutate(byte[] text, Random random)
    {
        var bytes = text.ToList();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var position = random.Next(bytes.Count + 1);
            var length = random.Next(Math.Min(20, bytes.Count - position) + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes.Insert(position, (byte)Inserted[random.Next(Inserted.Length)]);
                    break;
                case 1 when position < bytes.Count:
                    bytes[position] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(position, length));
                    break;
                case 3:
                    bytes.RemoveRange(position, Math.Min(1, length));
                    break;
                default:
                    bytes.RemoveRange(position, length);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Pieces one after the other.</summary>
    public static byte[] Assemble(Random random)
    {
        var text = new StringBuilder();
        AppendPieces(text, random.Next(1, 16), random);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Pieces, and among them one that is repeated up to where a decision falls.</summary>
    public static byte[] Stretch(Random random)
    {
        const string Beginning = "{\"k\":\"v\",[\"w\",{\"a\":\"b\",\"";
        var text = new StringBuilder(Beginning[..random.Next(Beginning.Length + 1)]);
        for (var stretches = random.Next(1, 3); stretches > 0; stretches--)
        {
            AppendPieces(text, random.Next(3), random);
            var piece = Stretched[random.Next(Stretched.Length)];
            var length = Lengths[random.Next(Lengths.Length)] - random.Next(4);
            text.Insert(text.Length, piece, length / Encoding.UTF8.GetByteCount(piece));
        }

        AppendPieces(text, random.Next(1, 5), random);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Bytes of any value, or of those that JSON gives a meaning.</summary>
    public static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 60)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
            return bytes;
        }

        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)Inserted[random.Next(Inserted.Length)];
        }

        return bytes;
    }

    private static void AppendPieces(StringBuilder text, int count, Random random)
    {
        for (; count > 0; count--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }
    }
}
