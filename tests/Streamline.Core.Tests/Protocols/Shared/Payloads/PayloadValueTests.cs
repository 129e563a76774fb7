using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public sealed class PayloadValueTests
{
    [Fact]
    public void Member_TwoOfOneName_IsTheLast()
    {
        using var payload = Payload.Parse("""{"a":1,"a":2}"""u8, "a test", 0);

        payload.Root.Integer("a"u8).Should().Be(2);
    }

    [Fact]
    public void Member_EscapedName_IsFound()
    {
        using var payload = Payload.Parse("""{"\u0061b":"x\ty"}"""u8, "a test", 0);

        payload.Root.Text("ab"u8).Should().Be("x\ty");
    }

    [Fact]
    public void Member_OfWhatIsNoObject_DoesNotExist()
    {
        using var payload = Payload.Parse("""[{"a":null}]"""u8, "a test", 0);

        payload.Root.Member("a"u8).Exists.Should().BeFalse();
        foreach (var item in payload.Root.Items)
        {
            item.Member("a"u8).Exists.Should().BeFalse();
            item.Has("a"u8).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("3", 3L)]
    [InlineData("3.0", 3L)]
    [InlineData("\"3\"", 3L)]
    [InlineData("3e2", 300L)]
    [InlineData("-1", -1L)]
    [InlineData("3.5", null)]
    [InlineData("\"x\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("true", null)]
    [InlineData("1e300", null)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void GetCount_EveryForm_IsRead(string json, long? expected)
    {
        using var payload = Payload.Parse(System.Text.Encoding.UTF8.GetBytes(json), "a test", 0);

        payload.Root.GetCount().Should().Be(expected);
    }

    [Fact]
    public void ToElement_HalfASurrogatePair_IsReplaced()
    {
        using var payload = Payload.Parse("""{"a":"\ud83d!"}"""u8, "a test", 0);

        payload.Root.ToElement().GetProperty("a").GetString().Should().Be("\uFFFD!");
        payload.Root.Text("a"u8).Should().Be("\uFFFD!");
    }

    [Theory]
    [InlineData("""{"a":{},"b":[],"c":"","d":null}""", true)]
    [InlineData("""{"a":{"b":0}}""", false)]
    [InlineData("[0]", false)]
    [InlineData("false", false)]
    public void IsEmpty_IsTrueOfWhatSaysNothing(string json, bool expected)
    {
        using var payload = Payload.Parse(System.Text.Encoding.UTF8.GetBytes(json), "a test", 0);

        payload.Root.IsEmpty().Should().Be(expected);
    }

    [Fact]
    public void Parse_WhileAnotherIsRead_DisturbsNeither()
    {
        using var outer = Payload.Parse("""{"a":[1,2,3]}"""u8, "a test", 0);
        using (var inner = Payload.Parse("""{"b":"x"}"""u8, "a test", 0))
        {
            inner.Root.Text("b"u8).Should().Be("x");
        }

        outer.Root.Array("a"u8).Count().Should().Be(3);
    }

    [Fact]
    public void Parse_Repeatedly_AllocatesNothing()
    {
        var json = """{"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"x"}}]}"""u8;
        Read(json);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Read(json);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        static void Read(ReadOnlySpan<byte> json)
        {
            using var payload = Payload.Parse(json, "a test", 0);
            foreach (var choice in payload.Root.Array("choices"u8).Items)
            {
                _ = choice.Object("delta"u8).Member("content"u8).TextSlice;
            }
        }
    }
}
