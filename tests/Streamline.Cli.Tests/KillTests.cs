using System.Diagnostics;
using System.Globalization;
using Streamline.Testing;

namespace Streamline.Cli.Tests;

/// <summary>The process is killed at once, as by <c>kill -9</c>: no code of it runs any more. Files are as they were, or all of them are new.</summary>
public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(110)]
    public async Task Kill_WhileBlocksStream_LeavesTheFilesAsTheyWere(int events)
    {
        var files = WriteOld(8);
        var answer = Answer(8);
        var provider = new ScriptedProvider(ScriptedReply.Text(answer) with { FragmentLength = 2, Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(events) } });
        await using var host = await ScriptedProviderHost.StartAsync(provider).OrFail();
        using var process = Ask(host);

        // Everything but the last few pieces, of which the tool may hold some back, has come through it.
        await ReadAsync(process, (events - 12) * 2);
        await KillAsync(process);

        AssertAll(files, "old");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task Kill_AtTheEndOfTheAnswer_LeavesAllFilesOldOrAllNew(int count)
    {
        var files = WriteOld(count);
        var provider = new ScriptedProvider(ScriptedReply.Text(Answer(count)) with { FragmentLength = 1000 });
        await using var host = await ScriptedProviderHost.StartAsync(provider).OrFail();
        using var process = Ask(host);

        // The files are written now, and perhaps committed.
        await ReadAsync(process, Answer(count).Length);
        await KillAsync(process);

        AssertAll(files, (await File.ReadAllTextAsync(files[0])).Contains("old", StringComparison.Ordinal) ? "old" : "new");
    }

    private static string Answer(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"File {number}.\n```txt {number}.txt\nnew content {number}\n```\n")));

    private static async Task ReadAsync(Process process, int count)
    {
        var buffer = new char[256];
        var read = 0;
        while (read < count)
        {
            var next = await process.StandardOutput.ReadAsync(buffer).AsTask().OrFail();
            next.Should().BeGreaterThan(0, "the answer has not ended");
            read += next;
        }
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().OrFail();
    }

    private Process Ask(ScriptedProviderHost host) =>
        CliProcess.Start("dotnet", ["exec", CliProcess.Assembly, "ask", "-p", "llama.cpp", "--base-url", host.BaseAddress.ToString(), "-m", "any", "--write", _folder, "Hi"], _folder).WithoutInput();

    private string[] WriteOld(int count)
    {
        var files = Enumerable.Range(0, count).Select(number => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{number}.txt"))).ToArray();
        foreach (var file in files)
        {
            File.WriteAllText(file, "old");
        }

        return files;
    }

    private void AssertAll(string[] files, string word)
    {
        CodeFileWriter.Recover(_folder);
        Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Should().BeEquivalentTo(files);
        files.Select(File.ReadAllText).Should().OnlyContain(text => text.StartsWith(word, StringComparison.Ordinal));
    }
}
