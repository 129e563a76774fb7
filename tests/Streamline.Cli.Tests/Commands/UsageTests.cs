namespace Streamline.Cli.Tests.Commands;

/// <summary>A wrong command line leaves standard output alone, and is told in words of the command line.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("repair --mode bogus", "bogus")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("ask --provider demo --max-tokens x Hi", "--max-tokens: expected a whole number; found 'x'.")]
    [InlineData("ask --provider demo --max-tokens 1.5 Hi", "--max-tokens: expected a whole number; found '1.5'.")]
    [InlineData("ask --provider demo --temperature NaN Hi", "--temperature: expected a number; found 'NaN'.")]
    [InlineData("ask --provider demo --temperature Infinity Hi", "--temperature: expected a number; found 'Infinity'.")]
    [InlineData("replay --speed fast x", "--speed: expected a number; found 'fast'.")]
    [InlineData("replay --port high x", "--port: expected a whole number; found 'high'.")]
    [InlineData("probe --max-time soon http://127.0.0.1:1", "--max-time: expected a number; found 'soon'.")]
    [InlineData("probe --max-bytes many http://127.0.0.1:1", "--max-bytes: expected a whole number; found 'many'.")]
    [Trait("Finding", "BadInput")]
    public async Task WrongCommandLine_WritesToStandardErrorOnly(string commandLine, string message)
    {
        var run = new CliRun();

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(2);

        run.Output.ToString().Should().BeEmpty();
        run.Error.ToString().Should().Contain(message).And.NotContain("System.");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [Trait("Finding", "BadInput")]
    public async Task Repair_EmptyText_FailsAndWritesNothing(string text)
    {
        var run = new CliRun { Input = text };

        (await run.RunAsync("repair")).Should().Be(1);

        run.Output.ToString().Should().BeEmpty();
        run.Error.ToString().Should().Contain("empty");
    }

    [Theory]
    [InlineData("repair")]
    [InlineData("inspect")]
    [Trait("Finding", "BadInput")]
    public async Task FolderInPlaceOfAFile_IsNamed(string command)
    {
        var folder = Directory.CreateTempSubdirectory("streamline-").FullName;
        try
        {
            var run = new CliRun();

            (await run.RunAsync(command, folder)).Should().Be(1);

            run.Error.ToString().Should().Contain($"'{folder}' is a folder; expected a file.");
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
