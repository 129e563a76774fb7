using System.Text;
using System.Text.Json;
using FluentAssertions;
using Streamline.Json;
using Xunit;

namespace Streamline.Tests.Json;

/// <summary>A document reads blocks of bytes, the token reader reads one after the other: both must find the same, wherever a block ends.</summary>
public sealed class PartialJsonBlockTests
{
    private static readonly string[] Pieces =
    [
        "\"\"", "\"a\"", "\"\\n\\u00e9\\\"\"", "\"\\ud83d\\ude00\"", "\"\\ud83dx\"", "\"\\ude00\"", "\"é東京😀\"", "\"a long enough string to go over the end of any block, whole\"",
        "0", "-0", "-1.5", "1234567890123456789012345678901234567890", "0.25", "-12.5e+10", "1E5", "true", "false", "null", "[]", "{}", "[ ]", "{ }", "[0]", "{\"a\":[{}]}",
    ];

    private static readonly string[] Faults =
    [
        "tru", "nul1", "01", "-", "1.", "1.x", "1e", "+1", "\"\\x\"", "\"\\u12g4\"", "\"\u0001\"", "[,]", "{,}", "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]", "[1}", "{]", "]", "}", ",", ":", "x", "\"", "\u00e9",
    ];

    [Fact]
    public void Append_WellFormedText_IsWhatJsonDocumentReads()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var text = CreateText(random, faults: 0);
            using var expected = JsonDocument.Parse(text);
            foreach (var size in Sizes(random))
            {
                var document = Feed(text, size, out var error);

                error.Should().BeNull();
                IsSame(document.RootElement, expected.RootElement).Should().BeTrue($"of {Encoding.UTF8.GetString(text)} by {size}");
            }
        }
    }

    [Fact]
    public void Append_Fault_IsTheOneThatTheTokenReaderFinds()
    {
        var random = new Random(2);
        for (var round = 0; round < 600; round++)
        {
            var text = CreateText(random, faults: 1);
            var expected = ReadTokens(text);
            foreach (var size in Sizes(random))
            {
                Feed(text, size, out var error);

                error?.Message.Should().Be(expected?.Message, $"of {Encoding.UTF8.GetString(text)} by {size}");
                (error is null).Should().Be(expected is null, $"of {Encoding.UTF8.GetString(text)} by {size}");
            }
        }
    }

    [Fact]
    public void Append_AnyByteBetweenTokens_IsWhatTheTokenReaderTakesItFor()
    {
        for (var found = 0; found <= byte.MaxValue; found++)
        {
            for (var blanks = 0; blanks < 20; blanks++)
            {
                byte[] text = [.. "[1,"u8, .. new string(' ', blanks).Select(blank => (byte)blank), (byte)found, .. "2 ,\t3\r\n, 4, 5, 6, 7, 8, 9, 10]"u8];
                var expected = ReadTokens(text);
                foreach (var size in (int[])[16, 19, 32, 100])
                {
                    Feed(text, size, out var error);

                    error?.Message.Should().Be(expected?.Message, $"of byte {found} behind {blanks} blanks, by {size}");
                    (error is null).Should().Be(expected is null, $"of byte {found} behind {blanks} blanks, by {size}");
                }
            }
        }
    }

    [Fact]
    public void Append_AnyByteInAnEscape_IsWhatTheTokenReaderTakesItFor()
    {
        foreach (var digits in (string[])["00e9", "D7FF", "d800", "DBFF", "dc00", "DFFF", "e000"])
        {
            for (var place = 0; place < digits.Length * 256; place++)
            {
                var escape = Encoding.ASCII.GetBytes($"\\u{digits}");
                escape[2 + (place / 256)] = (byte)place;
                byte[] text = [.. "[\""u8, .. escape, .. "a\\ud83d"u8, .. escape, .. escape, .. " and enough to go over the end of the block\"]"u8];
                var expected = ReadTokens(text);
                var document = Feed(text, text.Length, out var error);

                error?.Message.Should().Be(expected?.Message, $"of {Encoding.Latin1.GetString(text)}");
                document.RootElement[0].GetString().Should().Be(Feed(text, 1, out _).RootElement[0].GetString());
            }
        }
    }

    private static bool IsSame(PartialJsonElement actual, JsonElement expected)
    {
        if (actual.ValueKind != expected.ValueKind || !actual.IsComplete || actual.GetRawText() != expected.GetRawText())
        {
            return false;
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Array => actual.GetArrayLength() == expected.GetArrayLength()
                && actual.EnumerateArray().Zip(expected.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
            JsonValueKind.Object => actual.GetPropertyCount() == expected.GetPropertyCount()
                && actual.EnumerateObject().Zip(expected.EnumerateObject()).All(pair => pair.First.Name == pair.Second.Name && IsSame(pair.First.Value, pair.Second.Value)),
            _ => true,
        };
    }

    private static IEnumerable<int> Sizes(Random random) => [1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 48, random.Next(1, 100), 100_000];

    private static PartialJsonDocument Feed(byte[] text, int size, out Exception? error)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { AllowTruncation = false });
        var isRead = true;
        for (var offset = 0; isRead && offset < text.Length; offset += size)
        {
            isRead = document.TryAppend(text.AsSpan(offset, Math.Min(size, text.Length - offset)));
        }

        document.TryComplete();
        error = document.Error;
        return document;
    }

    private static StreamlineException? ReadTokens(byte[] text)
    {
        var reader = new PartialJsonReader();
        ReadOnlySpan<byte> rest = text;
        while (reader.Read(ref rest, out _) == System.Buffers.OperationStatus.Done)
        {
        }

        reader.Complete(out _);
        return reader.CreateException();
    }

    private static byte[] CreateText(Random random, int faults)
    {
        var builder = new StringBuilder();
        var fault = faults == 0 ? -1 : random.Next(12);
        var isObject = random.Next(2) == 0;
        builder.Append(isObject ? '{' : '[');
        for (var member = 0; member < 12; member++)
        {
            builder.Append(member == 0 ? "" : ",").Append(' ', random.Next(8) == 0 ? random.Next(40) : 0);
            if (isObject)
            {
                builder.Append('"').Append('n', random.Next(20)).Append('"').Append(random.Next(4) == 0 ? " : " : ":");
            }

            builder.Append(member == fault ? Faults[random.Next(Faults.Length)] : Pieces[random.Next(Pieces.Length)]);
            builder.Append(random.Next(6) == 0 ? "\r\n\t" : "");
        }

        return Encoding.UTF8.GetBytes(builder.Append(isObject ? '}' : ']').ToString());
    }
}
