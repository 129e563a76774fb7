using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Ways to feed a text to a document, and a comparison with the base class library.</summary>
internal static class JsonFeed
{
    /// <summary>Exactly RFC 8259, which is what the texts are fed to unless a test says otherwise.</summary>
    public static readonly PartialJsonOptions Strict = new() { AllowTruncation = false };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static PartialJsonDocument Whole(ReadOnlySpan<byte> text, PartialJsonOptions? options = null) => InPieces(text, int.MaxValue, options);

    public static PartialJsonDocument Whole(string text, PartialJsonOptions? options = null) => Whole(Utf8(text), options);

    /// <summary>Feeds a text in pieces of one size and stops at the first fault. Does not declare the end.</summary>
    public static PartialJsonDocument InPieces(ReadOnlySpan<byte> text, int size, PartialJsonOptions? options = null)
    {
        var document = new PartialJsonDocument(options ?? Strict);
        while (!text.IsEmpty)
        {
            var piece = text[..Math.Min(size, text.Length)];
            text = text[piece.Length..];
            if (!document.TryAppend(piece))
            {
                break;
            }
        }

        return document;
    }

    public static PartialJsonDocument InTwo(ReadOnlySpan<byte> text, int cut, PartialJsonOptions? options = null)
    {
        var document = new PartialJsonDocument(options ?? Strict);
        if (document.TryAppend(text[..cut]))
        {
            document.TryAppend(text[cut..]);
        }

        return document;
    }

    /// <summary>Every way of cutting that the laws are tested with: whole, byte by byte, and in two at every offset.</summary>
    public static IEnumerable<(string How, PartialJsonDocument Document)> EveryWay(byte[] text, PartialJsonOptions? options = null)
    {
        yield return ("whole", Whole(text, options));
        yield return ("byte by byte", InPieces(text, 1, options));
        for (var cut = 1; cut < text.Length; cut++)
        {
            yield return ($"cut at {cut}", InTwo(text, cut, options));
        }
    }

    /// <summary>Everything that is observable about a document's value, in a form that can be compared.</summary>
    public static string Describe(PartialJsonElement element) => JsonDescription.Of(element);

    /// <summary>Asserts that a complete element and an element of the base class library are the same value, number texts and duplicates included.</summary>
    public static void ShouldEqual(PartialJsonElement actual, JsonElement expected, string because)
    {
        actual.ValueKind.Should().Be(expected.ValueKind, because);
        actual.IsComplete.Should().BeTrue(because);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                ShouldEqualObject(actual, expected, because);
                break;
            case JsonValueKind.Array:
                actual.GetArrayLength().Should().Be(expected.GetArrayLength(), because);
                foreach (var (index, item) in expected.EnumerateArray().Index())
                {
                    ShouldEqual(actual[index], item, because);
                }

                actual.EnumerateArray().Count().Should().Be(expected.GetArrayLength(), because);
                break;
            case JsonValueKind.String:
                actual.GetString().Should().Be(expected.GetString(), because);
                break;
            case JsonValueKind.Number:
                ShouldEqualNumber(actual, expected, because);
                break;
        }

        actual.GetRawText().Should().Be(expected.GetRawText(), because);
    }

    private static void ShouldEqualObject(PartialJsonElement actual, JsonElement expected, string because)
    {
        var properties = expected.EnumerateObject().ToArray();
        var actualProperties = actual.EnumerateObject().ToArray();
        actual.GetPropertyCount().Should().Be(properties.Length, because);
        actualProperties.Should().HaveCount(properties.Length, because);
        foreach (var (property, actualProperty) in properties.Zip(actualProperties))
        {
            actualProperty.Name.Should().Be(property.Name, because);
            ShouldEqual(actualProperty.Value, property.Value, because);
        }

        foreach (var property in properties)
        {
            actual[property.Name].GetRawText().Should().Be(expected.GetProperty(property.Name).GetRawText(), because);
        }
    }

    private static void ShouldEqualNumber(PartialJsonElement actual, JsonElement expected, string because)
    {
        (actual.TryGetInt32(out var int32), int32).Should().Be((expected.TryGetInt32(out var otherInt32), otherInt32), because);
        (actual.TryGetInt64(out var int64), int64).Should().Be((expected.TryGetInt64(out var otherInt64), otherInt64), because);
        (actual.TryGetUInt64(out var uint64), uint64).Should().Be((expected.TryGetUInt64(out var otherUInt64), otherUInt64), because);
        (actual.TryGetDouble(out var real), real).Should().Be((expected.TryGetDouble(out var otherReal), otherReal), because);
        (actual.TryGetDecimal(out var exact), exact).Should().Be((expected.TryGetDecimal(out var otherExact), otherExact), because);
    }
}
