namespace Streamline.Tools.Tests.Files;

/// <summary>Where files of code may lie, and what remains beside them.</summary>
public sealed class CodeFilePlaceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("streamline-").FullName;
    private readonly string _root;

    public CodeFilePlaceTests()
    {
        _root = Path.Combine(_directory, "root");
        Directory.CreateDirectory(_root);
        File.WriteAllText(Path.Combine(_root, "old.json"), "old");
        File.WriteAllText(Path.Combine(_root, "third.json"), "old third");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Root_WithASeparatorAtItsEnd_IsTheSame()
    {
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root + Path.DirectorySeparatorChar });
        await CodeBlocks.WriteAsync(writer, "```json a.json\n1\n```\n");
        (await writer.CommitAsync()).Should().ContainSingle().Which.Path.Should().Be(Path.Combine(_root, "a.json"));
    }

    [Fact]
    public async Task Name_ThatLeadsToADirectoryWhoseNameBeginsAlike_IsRefused()
    {
        Directory.CreateDirectory(_root + "x");
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root });

        (await writer.Invoking(it => CodeBlocks.WriteAsync(it, "```json file=../rootx/a.json\n1\n```\n")).Should().ThrowAsync<CodeFileException>())
            .Which.Error.Should().Be(CodeFileError.OutsideRoot);
    }

    [Theory]
    [InlineData("a.streamline-tmp", "'a.streamline-tmp' has an extension that is reserved.")]
    [InlineData("old.json/a.json", "'old.json/a.json' leads through a file.")]
    [InlineData("../a.json", "'../a.json' is not a file within the working directory.")]
    public async Task Name_ThatMayNotBeWritten_IsNamed_AndTheFirstOneIsWhatTheCommitSays(string name, string message)
    {
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root });
        await writer.Invoking(it => CodeBlocks.WriteAsync(it, $"```json file={name}\n1\n```\n")).Should().ThrowAsync<CodeFileException>().WithMessage(message);
        await writer.Invoking(it => it.WriteAsync(new CodeBlockStarted { Id = 7, Info = CodeBlockInfo.Parse("json file=../b.json") }).AsTask()).Should().ThrowAsync<CodeFileException>();

        await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>().WithMessage(message);
    }

    [Fact]
    public async Task DirectoriesThatWereMade_GoAgain_AndThoseWithOtherFilesStay()
    {
        await using (var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root }))
        {
            await CodeBlocks.WriteAsync(writer, "```json a/b/c/new.json\n1\n```\n```json d/e/new.json\n1\n```\n");
            await File.WriteAllTextAsync(Path.Combine(_root, "d", "other"), "x");
        }

        Directory.GetDirectories(_root, "*", SearchOption.AllDirectories).Should().Equal(Path.Combine(_root, "d"));
    }

    [Fact]
    public async Task Replaced_KeepsItsMode()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // it has no modes
        }

        var path = Path.Combine(_root, "old.json");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root });
        await CodeBlocks.WriteAsync(writer, "```json old.json\n1\n```\n");
        await writer.CommitAsync();

        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Commit_WhoseMoveFails_LeavesNothingBeside()
    {
        var moves = 0;
        for (var failsAt = 0; failsAt < 100; failsAt++)
        {
            var files = new FaultyFileSystem(failsAt, kills: false);
            try
            {
                await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root }, files);
                await CodeBlocks.WriteAsync(writer, "```json old.json\n1\n```\n```json sub/new.json\n2\n```\n");
                await writer.CommitAsync();
                break;
            }
            catch (CodeFileException) when (files.Failed == nameof(IFileSystem.Move))
            {
                moves++;
                Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).Order(StringComparer.Ordinal).Should().Equal("old.json", "third.json");
            }
            catch (CodeFileException)
            {
                CodeFileWriter.Recover(_root);
            }
        }

        moves.Should().Be(2);
    }

    [Fact]
    public async Task Commit_ThatCannotBePutBack_LeavesTheCopiesToRecovery()
    {
        var putBack = 0;
        for (var failsAt = 0; failsAt < 100; failsAt++)
        {
            var files = new FaultyFileSystem(failsAt, kills: false) { AllMovesFailAfterwards = true };
            try
            {
                await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root }, files);
                await CodeBlocks.WriteAsync(writer, "```json old.json\n1\n```\n```json third.json\n2\n```\n```json sub/new.json\n2\n```\n");
                await writer.CommitAsync();
                break;
            }
            catch (CodeFileException)
            {
                putBack += CodeFileWriter.Recover(_root);
                File.ReadAllText(Path.Combine(_root, "old.json")).Should().Be("old");
                File.ReadAllText(Path.Combine(_root, "third.json")).Should().Be("old third");
            }
        }

        putBack.Should().BePositive();
    }

    [Theory]
    [InlineData("""["old.json",".gone.streamline-tmp","../outside.streamline-tmp"]""")]
    [InlineData("""["old.json",".gone.streamline-tmp","third.json"]""")]
    [InlineData("""["old.json","third.json",null]""")]
    [InlineData("""["old.json",null,null]""")]
    [InlineData("""["old.json",".gone.streamline-tmp",null""")]
    [InlineData("""{"old.json":".gone.streamline-tmp"}""")]
    [InlineData("")]
    public void Recover_JournalThatNobodyWroteSo_TouchesNothing(string journal)
    {
        var outside = Path.Combine(_directory, "outside.streamline-tmp");
        File.WriteAllText(outside, "mine");
        File.WriteAllText(Path.Combine(_root, ".x.streamline-commit"), journal);

        CodeFileWriter.Recover(_root).Should().Be(1);

        File.ReadAllText(outside).Should().Be("mine");
        File.ReadAllText(Path.Combine(_root, "old.json")).Should().Be("old");
        File.ReadAllText(Path.Combine(_root, "third.json")).Should().Be("old third");
    }

    [Fact]
    public void Recover_JournalOfASubdirectory_IsLeftToTheWriterOfThatDirectory()
    {
        Directory.CreateDirectory(Path.Combine(_root, "sub"));
        File.WriteAllText(Path.Combine(_root, "sub", ".x.streamline-commit"), "[]");

        CodeFileWriter.Recover(_root).Should().Be(0);
    }

    [Fact]
    public async Task WriteFailsInTheMiddleOfABlock_TheFailureNamesTheFile_AndARestartThatKeepsTheBlockKeepsTheFailure()
    {
        for (var failsAt = 0; failsAt < 100; failsAt++)
        {
            var files = new FaultyFileSystem(failsAt, kills: false);
            await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root, NameFile = _ => "b.json" }, files);
            try
            {
                await CodeBlocks.WriteAsync(writer, "```json a.json\n1\n2\n3\n```\n", size: 4);
                return;
            }
            catch (CodeFileException exception)
            {
                exception.FileName.Should().Be("b.json");
                exception.Message.Should().StartWith("The code was not written: The disk is on fire.");
            }

            await writer.WriteAsync(new CodeBlocksRestarted { FirstDiscardedId = 1 });
            (await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>()).Which.FileName.Should().Be("b.json");
        }
    }
}
