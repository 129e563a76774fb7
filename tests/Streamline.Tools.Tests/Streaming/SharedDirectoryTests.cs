using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.Tools.Tests.Files;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>Files that are written at the same time may share a directory that is not there yet: none fails because another one goes, and no empty directory stays.</summary>
[Trait("Law", "9")]
public sealed class SharedDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("d/a.txt", "d/b.txt")]
    [InlineData("d/a.txt", "d/e/b.txt")]
    [InlineData("d/e/a.txt", "d/b.txt")]
    [InlineData("d/e/a.txt", "d/f/b.txt")]
    public async Task RollBack_OfAll_LeavesNoDirectory(string one, string other)
    {
        foreach (var isFirstFirst in (bool[])[true, false])
        {
            var (first, second) = (await BeginAsync(one), await BeginAsync(other));
            await (isFirstFirst ? first : second).RollBackAsync();
            Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Should().ContainSingle();
            await (isFirstFirst ? second : first).RollBackAsync();
            Directory.GetFileSystemEntries(_root).Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("d/a.txt", "d/b.txt")]
    [InlineData("d/e/a.txt", "d/b.txt")]
    public async Task Commit_AfterTheOneThatMadeTheDirectoryHasGone_WritesTheFile(string one, string other)
    {
        var (first, second) = (await BeginAsync(one), await BeginAsync(other));
        await first.RollBackAsync();
        await CommitAsync(second, other);
        Entries().Should().Equal("d", other);
    }

    [Fact]
    public async Task RollBack_AfterACommit_LeavesTheDirectoryOfTheFile()
    {
        var (first, second) = (await BeginAsync("d/a.txt"), await BeginAsync("d/e/b.txt"));
        await CommitAsync(first, "d/a.txt");
        await second.RollBackAsync();
        Entries().Should().Equal("d", "d/a.txt");
        await (await BeginAsync("d/c.txt")).RollBackAsync();
        Entries().Should().Equal("d", "d/a.txt");
        File.Delete(Path.Combine(_root, "d/a.txt"));
        await (await BeginAsync("d/c.txt")).RollBackAsync();
        Entries().Should().Equal(["d"], "it was there before");
    }

    [Fact]
    public async Task RollBack_BetweenTheDirectoryAndTheFileOfAnotherCall_LeavesTheDirectory()
    {
        var first = await BeginAsync("d/a.txt", new FaultyFileSystem(failsAt: -1, kills: false)); // which does everything at once
        var files = new FaultyFileSystem(failsAt: -1, kills: false)
        {
            Before = operation =>
            {
                if (operation == nameof(IFileSystem.Create))
                {
                    first.RollBackAsync().AsTask().IsCompletedSuccessfully.Should().BeTrue();
                }
            },
        };
        var second = new FileWriterToolCall(new FileWriterToolOptions { Root = _root }, files);
        await CommitAsync(second, "d/b.txt");
        Entries().Should().Equal("d", "d/b.txt");
    }

    [Fact]
    public async Task RollBack_OfAWriterOfCodeBesideACall_LeavesNoDirectory()
    {
        var call = await BeginAsync("d/a.txt");
        await using (var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root }))
        {
            await CodeBlocks.WriteAsync(writer, "```cs d/e/b.cs\nclass B;\n```\n");
            Directory.GetFiles(Path.Combine(_root, "d", "e")).Should().ContainSingle("the writer has its file there");
            await call.RollBackAsync();
        }

        Entries().Should().BeEmpty();
    }

    private IEnumerable<string> Entries() =>
        Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private async Task<StreamingToolCall> BeginAsync(string path, IFileSystem? files = null)
    {
        var call = new FileWriterToolCall(new FileWriterToolOptions { Root = _root }, files ?? DiskFileSystem.Instance);
        var document = new PartialJsonDocument();
        document.Append($$"""{"path":"{{path}}","content":"a""");
        await call.OnInputAsync(document.RootElement, default);
        return call;
    }

    private static async Task CommitAsync(StreamingToolCall call, string path) => await call.CommitAsync(
        new AIFunctionArguments { ["path"] = JsonSerializer.SerializeToElement(path), ["content"] = JsonSerializer.SerializeToElement("abc") }, default);
}
