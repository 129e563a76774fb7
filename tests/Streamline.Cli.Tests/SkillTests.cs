using System.Text.RegularExpressions;

namespace Streamline.Cli.Tests;

/// <summary>The skill says what it says, and each of its commands does what is shown below it.</summary>
public sealed partial class SkillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    private static string Skill { get; } = File.ReadAllText(Repository.Combine("skills", "stream-llm-response", "SKILL.md")).ReplaceLineEndings("\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Skill_Head_NamesIt() => Skill.Should().StartWith("---\nname: stream-llm-response\ndescription: Process streaming LLM responses with custom transformations\n---\n");

    [Fact]
    public async Task Skill_Parameters_AreOptionsOfTheTool()
    {
        var help = new CliRun();
        await help.RunAsync("ask", "--help");

        var options = OptionName().Matches(Skill).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        options.Should().HaveCountGreaterThan(10);
        foreach (var option in options.Except(["--mode", "--schema", "--report-json", "--global"], StringComparer.Ordinal))
        {
            help.Output.ToString().Should().Contain(option);
        }
    }

    [ShellFact]
    public async Task Skill_Commands_DoWhatIsShown()
    {
        CliProcess.Install(_folder);
        var examples = Example().Matches(Skill);
        examples.Should().HaveCountGreaterThan(6);
        foreach (Match example in examples)
        {
            using var shell = CliProcess.Start("bash", ["-eo", "pipefail", "-c", example.Groups["command"].Value], _folder, _folder);
            shell.StandardInput.Close();
            var output = shell.StandardOutput.ReadToEndAsync();
            var error = shell.StandardError.ReadToEndAsync();
            await shell.WaitForExitAsync().OrFail();

            shell.ExitCode.Should().Be(0, $"{example.Groups["command"].Value}: {await error}");
            foreach (var line in example.Groups["shown"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                (await output).Should().Contain(line, example.Groups["command"].Value);
            }
        }
    }

    [GeneratedRegex("```sh\n(?<command>.*?)```\n\n(?:[^`\n][^\n]*\n\n)*```text\n(?<shown>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex OptionName();
}
