namespace Streamline.Tests.Resilience.Continue;

public sealed class CodeFenceTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("```", true)]
    [InlineData("a\n```python\nx", true)]
    [InlineData("```\nx\n```\n", false)]
    [InlineData("```\nx\n````\ny", false)]
    [InlineData("```\nx\n```  \ny", false)]
    [InlineData("```\nx\n``` not closed", true)]
    [InlineData("```\n~~~\n", true)]
    [InlineData("~~~\n```\n", true)]
    [InlineData("````\n```\n", true)]
    [InlineData("`code` and ```more```", false)]
    [InlineData("```inline``` code", false)]
    [InlineData("  ```\n  x", true)]
    [InlineData("```a\n```\n```b\n", true)]
    [InlineData("```\n\n \nx\n", true)]
    public void IsOpenAfter_TextThatIsCut_IsWithinACodeBlockOrNot(string text, bool expected) => CodeFence.IsOpenAfter(text).Should().Be(expected);

    [Theory]
    [InlineData("```python\nx", 10)]
    [InlineData("\n ```py\nx", 8)]
    [InlineData("```python", 0)]
    [InlineData("x\ny", 0)]
    [InlineData("", 0)]
    public void OpeningLength_FirstLine_IsAFenceOrNot(string text, int expected) => CodeFence.OpeningLength(text).Should().Be(expected);

    [Theory]
    [InlineData("```", true)]
    [InlineData("  ~~~ text", true)]
    [InlineData("~~~ `a` ~", true)]
    [InlineData("``", false)]
    [InlineData("``python", false)]
    [InlineData("``` a`", false)]
    [InlineData("a```", false)]
    [InlineData("---", false)]
    [InlineData("", false)]
    public void Is_Line_NeedsThreeMarksAndNoneOfThemAfterwards(string line, bool expected) => CodeFence.Is(line).Should().Be(expected);
}
