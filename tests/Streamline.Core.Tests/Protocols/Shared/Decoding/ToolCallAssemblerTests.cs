using System.Text.Json;
using Streamline.Json;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public class ToolCallAssemblerTests
{
    [Fact]
    [Trait("Law", "3")]
    public void Complete_NoText_IsAnEmptyObject()
    {
        var completed = Assembler().Complete(isVerbatim: true);
        completed.ArgumentsText.Should().BeEmpty();
        completed.Arguments!.Value.GetRawText().Should().Be("{}");
        completed.ParseError.Should().BeNull();
    }

    [Fact]
    public void Append_Pieces_GivesGrowingPreviewsAndTheWholeAtTheEnd()
    {
        var assembler = Assembler();
        var first = assembler.Append("{\"city\":\"Pa");
        var second = assembler.Append("ris\",\"days\":3}");
        var completed = assembler.Complete(isVerbatim: true);

        first.Fragment.Should().Be("{\"city\":\"Pa");
        first.Input["city"].GetString().Should().Be("Pa");
        second.Input["days"].GetInt32().Should().Be(3);
        completed.ArgumentsText.Should().Be("{\"city\":\"Paris\",\"days\":3}");
        completed.Arguments!.Value.GetProperty("city").GetString().Should().Be("Paris");
        completed.Should().BeEquivalentTo(new { Index = 2, CallId = "call", Name = "tool", IsProviderExecuted = true });
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("{\"a\":1", "expected")]
    [InlineData("{\"a\":1}}", "expected nothing more")]
    [InlineData("{'a':1}", "expected")]
    [InlineData("{\"a\":tru}", "expected")]
    [InlineData(" ", "expected a value")]
    [InlineData("[1]", "found an array, expected '{', at byte 0")]
    [InlineData("\"x\"", "found a string, expected '{', at byte 0")]
    [InlineData(" 12", "found a number, expected '{', at byte 1")]
    [InlineData("null", "found null, expected '{', at byte 0")]
    [InlineData("true", "found a boolean, expected '{', at byte 0")]
    [InlineData("{\"a\":\"\\ud83d\"}", "half a surrogate pair")]
    [InlineData("{\"\\ude00\":1}", "half a surrogate pair")]
    public void Complete_TextThatIsNoObject_SaysWhatAndWhereAndInventsNothing(string text, string expected)
    {
        var assembler = Assembler();
        foreach (var character in text)
        {
            assembler.Append(character.ToString());
        }

        var completed = assembler.Complete(isVerbatim: true);
        completed.Arguments.Should().BeNull();
        completed.ParseError.Should().Contain(expected).And.Contain("byte");
        completed.ArgumentsText.Should().Be(text);
    }

    [Fact]
    [Trait("Law", "2")]
    public void Append_AfterABadByte_GoesOnWithTheTextAndLeavesThePreviewWhereItWas()
    {
        var assembler = Assembler();
        assembler.Append("{\"a\":\"x\",");
        var bad = assembler.Append("oops" + new string('!', 2000));
        var after = assembler.Append("\"b\":\"漢\"}");
        var completed = assembler.Complete(isVerbatim: true);

        bad.Input["a"].GetString().Should().Be("x");
        after.Input["a"].GetString().Should().Be("x");
        after.Fragment.Should().Be("\"b\":\"漢\"}");
        completed.ArgumentsText.Should().Be("{\"a\":\"x\",oops" + new string('!', 2000) + "\"b\":\"漢\"}");
        completed.Arguments.Should().BeNull();
        completed.ParseError.Should().Contain("'o'").And.Contain("at byte 9");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Append_OneBytePastTheLimit_NamesTheLimitOfBytes()
    {
        var assembler = Assembler(new StreamReadOptions { MaxArgumentBytes = 8 });
        assembler.Append("{\"a\":123");

        var append = () => assembler.Append("}");

        append.Should().Throw<StreamLimitException>().Which.Should().BeEquivalentTo(
            new { LimitName = nameof(StreamReadOptions.MaxArgumentBytes), Limit = 8L, Actual = 9L });
    }

    [Fact]
    [Trait("Law", "3")]
    public void Abandon_WholeArguments_AreNotGiven()
    {
        var assembler = Assembler();
        assembler.Append("{\"a\":1}");
        var completed = assembler.Abandon("not sealed");
        completed.Arguments.Should().BeNull();
        completed.ParseError.Should().Be("not sealed");
        completed.ArgumentsText.Should().Be("{\"a\":1}");
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData("{\"a\":\"")]
    [InlineData("no json")]
    public void Append_PastTheLimitOfBytes_NamesLimitAndFigure(string beginning)
    {
        var assembler = Assembler(new StreamReadOptions { MaxArgumentBytes = 100 });
        assembler.Append(beginning);
        assembler.Append(new string('x', 100 - beginning.Length));

        var exception = assembler.Invoking(a => a.Append("é")).Should().Throw<StreamLimitException>().Which;
        exception.LimitName.Should().Be("MaxArgumentBytes");
        exception.Limit.Should().Be(100);
        exception.Actual.Should().Be(102);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Append_PastTheLimitOfDepth_NamesLimitAndFigure()
    {
        var assembler = Assembler(new StreamReadOptions { MaxArgumentDepth = 3 });
        assembler.Append("{\"a\":[[");
        var exception = assembler.Invoking(a => a.Append("[")).Should().Throw<StreamLimitException>().Which;
        exception.LimitName.Should().Be("MaxArgumentDepth");
        exception.Limit.Should().Be(3);
        exception.Actual.Should().Be(4);
    }

    [Fact]
    public void Complete_AtTheLimitOfDepth_Reads()
    {
        var assembler = Assembler(new StreamReadOptions { MaxArgumentDepth = 3 });
        assembler.Append("{\"a\":[[1]]}");
        assembler.Complete(isVerbatim: true).ParseError.Should().BeNull();
    }

    [Fact]
    [Trait("Law", "8")]
    public void Append_OneHundredThousandCharacters_TakesSpaceInProportion()
    {
        // Re-reading the arguments with every piece would allocate some ten gigabytes here.
        var text = "{\"a\":\"" + new string('x', 100_000) + "\"}";
        var assembler = Assembler();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var character in text)
        {
            assembler.Append(character.ToString());
        }

        var completed = assembler.Complete(isVerbatim: true);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100L * 1024 * 1024);
        completed.Arguments!.Value.GetProperty("a").GetString()!.Length.Should().Be(100_000);
    }

    [Fact]
    public void Preview_IsOfTheKindOfAnObject() =>
        Assembler().Append("{").Input.ValueKind.Should().Be(JsonValueKind.Object);

    private static ToolCallAssembler Assembler(StreamReadOptions? options = null) =>
        new(new ToolCallStarted { Index = 2, CallId = "call", Name = "tool", IsProviderExecuted = true }, options ?? new StreamReadOptions());
}
