namespace Streamline.Cli.Tests;

/// <summary>Words that look like options and are none: an error, and no request.</summary>
public sealed class UnknownOptionTests
{
    [Theory]
    [InlineData("ask --modle some-model Hi", "There is no option '--modle'; did you mean '--model'?")]
    [InlineData("ask Hi --jsno", "There is no option '--jsno'; did you mean '--json'?")]
    [InlineData("ask --model=m --sentense=2 Hi", "There is no option '--sentense'; did you mean '--sentences'?")]
    [InlineData("ask -Q Hi", "There is no option '-Q'; --help lists them.")]
    [InlineData("repair --gess", "There is no option '--gess'")]
    [InlineData("replay --prot 1 folder", "There is no option '--prot'")]
    public async Task Run_UnknownOption_NamesItAndTheNearest(string commandLine, string message)
    {
        var run = new CliRun();

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(ExitCode.Usage);

        run.Error.ToString().Should().StartWith("streamline: " + message).And.EndWith("To pass it as text, put '--' before the text.\n");
        run.Output.ToString().Should().BeEmpty();
    }

    [Theory]
    [InlineData("ask", "--", "--modle")]
    [InlineData("ask", "what does --modle do?")]
    [InlineData("ask", "-1 is what?")]
    [InlineData("ask", "-1")]
    [InlineData("ask", "-")]
    [InlineData("ask", "a-b")]
    public async Task Run_TextWithDashes_IsText(params string[] args)
    {
        var run = new CliRun();

        await run.RunAsync(args);

        run.Error.ToString().Should().NotContain("There is no option");
    }
}
