using ToolsSample;

namespace Streamline.Tools.Tests;

/// <summary>The examples of samples/Tools do what their documentation says. Their source is compiled into this project.</summary>
public sealed class SampleTests
{
    public static TheoryData<string, string[]> Expected => new()
    {
        { "Loop control", ["ToolCalls", "search: three results for coats", "ToolCalls", "search: three results for coats", "Stop"] },
        { "Approval while the stream runs", ["Run delete_file with {\"path\":\"/tmp/a.txt\"}? yes", "deleted /tmp/a.txt"] },
        { "Approval in a later request", ["1 message, then: Done."] },
        { "Resources", ["waiting for file:a.txt"] },
        { "The context of a call", ["reading 1 message", "error: Name a topic.", "error: The tool was not run: its arguments do not match the schema. 'topic': expected string, found number 5.", "reading 3 message", "round 2: rain"] },
        { "Tools of a request, of the run and of the user interface", ["map of Paris", "get_weather is about weather", "rain in Paris", "It rains. See the map."] },
        { "Streamed results", ["page one", "page two", "all: [\"page one\",\"page two\"]"] },
        { "A file that is written while the model writes it", ["refused; 0 files", "{\"a\":1}"] },
        { "Snapshots for a user interface", ["A light raincoat over a jacket."] },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task Example_Runs_AndPrintsWhatItShould(string name, string[] lines)
    {
        var output = new StringWriter();
        await Examples.All.Single(example => example.Name == name).RunAsync(output);
        var printed = output.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        if (name == "Resources")
        {
            printed.Should().Contain(lines).And.ContainInOrder("a.txt: one", "a.txt: two").And.Contain("b.txt: three");
        }
        else
        {
            printed.Should().BeEquivalentTo(lines);
        }
    }

    [Fact]
    public void Examples_All_AreExpected() => Expected.Select(row => (string)row[0]).Should().Equal(Examples.All.Select(example => example.Name));
}
