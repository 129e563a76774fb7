using System.Diagnostics;
using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>docs/pipeline.md shows the classes that a tool call passes. The picture must be true, and short.</summary>
public sealed partial class ToolCallPathTests
{
    private const int MaxClasses = 8;

    [Fact]
    public void Diagram_NamesClassesThatExist_AndNoMoreThanEight() =>
        Diagram().Should().HaveCountLessThanOrEqualTo(MaxClasses).And.OnlyContain(name => TypeOf(name) != null).And.OnlyHaveUniqueItems();

    [Fact]
    public async Task Diagram_NamesEveryClassThatIsOnTheStackOfATool_InItsOrder()
    {
        List<string> classes = [];
        var tool = new TestTool("tool", (_, _) =>
        {
            classes = [.. ClassesOf(new StackTrace())];
            return ValueTask.FromResult<object?>("done");
        });
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream([Wire.Started, .. Wire.Call(0, "1", "tool"), Wire.Ended()]), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(tool, o => o.NonBlocking = true)).Build();

        await Task.Run(() => client.StreamAsync("hi").CollectAsync()).OrFail();

        classes.Should().HaveCountGreaterThan(3);
        Diagram().Where(classes.Contains).Should().Equal(classes);
    }

    /// <summary>The classes of the loop on a stack, outermost first, each once.</summary>
    private static IEnumerable<string> ClassesOf(StackTrace stack) => stack.GetFrames()
        .Select(frame => frame.GetMethod()?.DeclaringType)
        .OfType<Type>()
        .Select(type => type.DeclaringType ?? type) // a state machine or closure is nested
        .Where(type => type.Assembly == typeof(ToolSet).Assembly)
        .Select(type => type.Name)
        .Reverse()
        .Distinct();

    private static string[] Diagram()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "pipeline.md"));
        var section = page.Split("## The path of one tool call")[1].Split("```")[1];
        return [.. ClassAtTheStart().Matches(section).Select(match => match.Groups["name"].Value)];
    }

    private static Type? TypeOf(string name) => typeof(ToolSet).Assembly.GetType("Streamline.Tools." + name);

    [GeneratedRegex("^[ │├─►]*(?<name>[A-Z][A-Za-z]+) {3,}", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClassAtTheStart();
}
