using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

public sealed class PartialJsonReaderTests
{
    [Fact]
    public void Read_WholeText_GivesEveryTokenWithItsOffset() =>
        Tokens("""{"a":[1,"b\n",true],"c":null} """, int.MaxValue).Should().Equal(
            "StartObject@0", "PropertyName@1 a", "StartArray@5", "Number@6 1", "String@8 b\\n", "True@14", "EndArray@18",
            "PropertyName@20 c", "Null@24", "EndObject@28");

    [Fact]
    [Trait("Law", "1")]
    public void Read_AnyPieces_JoinsToTheSameTokens()
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var whole = Tokens(Encoding.UTF8.GetString(text), int.MaxValue);
            foreach (var size in new[] { 1, 2, 3, 5, 16, 17 })
            {
                Tokens(Encoding.UTF8.GetString(text), size).Should().Equal(whole, "{0} in pieces of {1}", name, size);
            }
        }
    }

    [Fact]
    public void Read_StringCutInPieces_GivesFragmentsOfWhatCame()
    {
        var reader = new PartialJsonReader();
        Fragment(ref reader, "\"ab").Should().Be(("ab", true, false, 0));
        Fragment(ref reader, "\\").Should().Be(("\\", false, false, 1));
        Fragment(ref reader, "u00").Should().Be(("u00", false, false, 4));
        Fragment(ref reader, "e9c").Should().Be(("e9c", false, false, 0));
        Fragment(ref reader, "\"").Should().Be(("", false, true, 0));
        reader.IsRootComplete.Should().BeTrue();
    }

    [Theory]
    [InlineData("\"\\uD83D", 6)]
    [InlineData("\"\\uD83D\\", 7)]
    [InlineData("\"\\uD83D\\uDE0", 11)]
    [InlineData("\"\\uD83D\\uDE00", 0)]
    [InlineData("\"\\uD83D\\t", 0)]
    [InlineData("\"\\uD83D\\u0041", 0)]
    [InlineData("\"\\uD83D\\uD83D", 6)]
    [InlineData("\"\\uDE00", 0)]
    [InlineData("\"\\uD83Da", 0)]
    [InlineData("fal", 3)]
    [InlineData("[-", 1)]
    [InlineData("[1.", 1)]
    [InlineData("[1e+", 2)]
    [InlineData("[1e+1", 0)]
    [InlineData("[1.5E", 1)]
    public void UndecidedBytes_InsideAUnit_CountsItsBytes(string text, int expected)
    {
        foreach (var size in new[] { 1, 4, 100 })
        {
            var reader = new PartialJsonReader();
            Feed(ref reader, JsonFeed.Utf8(text), size);
            reader.UndecidedBytes.Should().Be(expected, "in pieces of {0}", size);
        }
    }

    [Theory]
    [InlineData("22C3", 1)]
    [InlineData("22F09F98", 3)]
    [InlineData("22F09F9880", 0)]
    [InlineData("225C7544383344C3", 1)] // the lead byte decides that the high surrogate before it is alone
    public void UndecidedBytes_InsideAMultiByteCharacter_CountsItsBytes(string hex, int expected)
    {
        foreach (var size in new[] { 1, 100 })
        {
            var reader = new PartialJsonReader();
            Feed(ref reader, Convert.FromHexString(hex), size);
            reader.UndecidedBytes.Should().Be(expected, "in pieces of {0}", size);
        }
    }

    [Fact]
    public void Read_DefaultInstance_HasTheDefaultDepth()
    {
        var reader = default(PartialJsonReader);
        ReadOnlySpan<byte> text = JsonFeed.Utf8(new string('[', PartialJsonReader.DefaultMaxDepth + 1));
        while (reader.Read(ref text, out _) == OperationStatus.Done)
        {
        }

        reader.Depth.Should().Be(PartialJsonReader.DefaultMaxDepth);
        reader.CreateException().Should().BeOfType<StreamLimitException>();
    }

    [Fact]
    public void Read_EmptyInput_NeedsMoreData()
    {
        var reader = new PartialJsonReader();
        var empty = ReadOnlySpan<byte>.Empty;
        reader.Read(ref empty, out var token).Should().Be(OperationStatus.NeedMoreData);
        token.Type.Should().Be(JsonTokenType.None);
        reader.CreateException().Should().BeNull();
    }

    [Fact]
    public void Read_MalformedText_KeepsTheFaultyByteInTheInput()
    {
        var reader = new PartialJsonReader();
        ReadOnlySpan<byte> text = "[12x]"u8;
        reader.Read(ref text, out _).Should().Be(OperationStatus.Done);
        reader.Read(ref text, out var number).Should().Be(OperationStatus.Done);
        number.IsFinal.Should().BeFalse();
        reader.Read(ref text, out _).Should().Be(OperationStatus.InvalidData);
        reader.Read(ref text, out var none).Should().Be(OperationStatus.InvalidData);
        none.Type.Should().Be(JsonTokenType.None);
        text.SequenceEqual("x]"u8).Should().BeTrue();
        reader.BytesConsumed.Should().Be(3);
        reader.Complete(out _).Should().Be(OperationStatus.InvalidData);
    }

    [Fact]
    public void Complete_NumberAtTheRoot_EndsIt()
    {
        var reader = new PartialJsonReader();
        Feed(ref reader, "12"u8, 100);
        reader.Complete(out var token).Should().Be(OperationStatus.Done);
        token.Type.Should().Be(JsonTokenType.Number);
        (token.IsFirst, token.IsFinal, token.Value.Length).Should().Be((false, true, 0));
        reader.Complete(out token).Should().Be(OperationStatus.Done);
        token.Type.Should().Be(JsonTokenType.None);
        FluentActions.Invoking(() =>
        {
            ReadOnlySpan<byte> more = " "u8;
            return reader.Read(ref more, out _);
        }).Should().Throw<InvalidOperationException>();
    }

    private static (string Value, bool IsFirst, bool IsFinal, int Undecided) Fragment(ref PartialJsonReader reader, string text)
    {
        ReadOnlySpan<byte> bytes = JsonFeed.Utf8(text);
        reader.Read(ref bytes, out var token).Should().Be(OperationStatus.Done);
        var fragment = (Encoding.UTF8.GetString(token.Value), token.IsFirst, token.IsFinal, reader.UndecidedBytes);
        reader.Read(ref bytes, out _).Should().Be(OperationStatus.NeedMoreData);
        bytes.IsEmpty.Should().BeTrue();
        return fragment;
    }

    private static void Feed(ref PartialJsonReader reader, ReadOnlySpan<byte> bytes, int size)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(size, bytes.Length)];
            bytes = bytes[piece.Length..];
            while (reader.Read(ref piece, out _) == OperationStatus.Done)
            {
            }
        }
    }

    private static List<string> Tokens(string text, int size)
    {
        var tokens = new List<string>();
        var reader = new PartialJsonReader();
        var value = new StringBuilder();
        ReadOnlySpan<byte> bytes = JsonFeed.Utf8(text);
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(size, bytes.Length)];
            bytes = bytes[piece.Length..];
            while (reader.Read(ref piece, out var token) == OperationStatus.Done)
            {
                Add(token);
            }
        }

        reader.Complete(out var last).Should().Be(OperationStatus.Done);
        Add(last);
        return tokens;

        void Add(PartialJsonToken token)
        {
            if (token.Type != JsonTokenType.None && token.IsFirst)
            {
                value.Clear().Append(token.Type).Append('@').Append(token.Offset).Append(token.Value.IsEmpty && token.IsFinal ? "" : " ");
            }

            // Latin-1 keeps every byte, also those of characters that are cut.
            value.Append(Encoding.Latin1.GetString(token.Value));
            if (token.Type != JsonTokenType.None && token.IsFinal)
            {
                tokens.Add(value.ToString().TrimEnd(' '));
            }
        }
    }
}
