namespace Streamline.Cli.Tests;

/// <summary>An output that takes nothing more: one line that says so, and the exit code of a failure.</summary>
public sealed class FullDeviceTests : IDisposable
{
    private const string Full = "/dev/full";

    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public static TheoryData<string> Commands => File.Exists(Full)
        ? ["printf '{\"a\":1}' | streamline repair > " + Full, "streamline ask --help > " + Full, "streamline ask --provider demo Hi > " + Full]
        : ["streamline repair nowhere.json"]; // the machine has no such device: a file that is not there fails in the same way

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ShellTheory]
    [MemberData(nameof(Commands))]
    [Trait("Finding", "BadInput")]
    public async Task Run_OutputThatCannotBeWritten_FailsInOneLine(string command)
    {
        CliProcess.Install(_folder);
        using var shell = CliProcess.Start("bash", ["-o", "pipefail", "-c", command], _folder, _folder);
        shell.StandardInput.Close();
        var error = await shell.StandardError.ReadToEndAsync().OrFail();
        await shell.WaitForExitAsync().OrFail();

        shell.ExitCode.Should().Be(ExitCode.Failed, error);
        error.Should().StartWith("streamline: ").And.EndWith("\n").And.NotContain("Unhandled");
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }
}
