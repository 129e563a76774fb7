namespace Streamline.Tools.Tests.Files;

public sealed class CodeFileWriterTests : IDisposable
{
    private const string Answer = "Here:\n```json old.json\n{\"new\":1}\n```\n```json sub/new.json\n[2]\n```\n```json third.json\n3\n```\nDone.";

    private readonly string _directory = Directory.CreateTempSubdirectory("streamline-").FullName;
    private readonly string _root;

    public CodeFileWriterTests() => _root = NewRoot();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task CommitAsync_PutsAllFilesInPlace()
    {
        var files = await RunAsync(Answer, new CodeFileWriter(Options()));

        files.Select(file => file.Name).Should().Equal("old.json", "sub/new.json", "third.json");
        Read(_root).Should().Be("old.json={\"new\":1}\n|sub/new.json=[2]\n|third.json=3\n");
    }

    [Fact]
    public async Task BeforeTheCommit_TargetsAreAsTheyWere_AndDisposeLeavesNothing()
    {
        await using (var writer = new CodeFileWriter(Options()))
        {
            await WriteAsync(writer, Answer);
            (await File.ReadAllTextAsync(Path.Combine(_root, "old.json"))).Should().Be("old");
            File.Exists(Path.Combine(_root, "sub", "new.json")).Should().BeFalse();
        }

        Read(_root).Should().Be(Old);
        Directory.Exists(Path.Combine(_root, "sub")).Should().BeFalse();
    }

    [Theory]
    [InlineData("../a.json", CodeFileError.OutsideRoot)]
    [InlineData("sub/../../a.json", CodeFileError.OutsideRoot)]
    [InlineData("/etc/a.json", CodeFileError.OutsideRoot)]
    [InlineData("link/a.json", CodeFileError.Link)]
    [InlineData("link.json", CodeFileError.Link)]
    [InlineData("./", CodeFileError.InvalidName)]
    [InlineData("third.json/a.json", CodeFileError.InvalidName)]
    [InlineData("a.streamline-tmp", CodeFileError.InvalidName)]
    [InlineData("x.streamline-commit", CodeFileError.InvalidName)]
    public async Task WriteAsync_NameThatMayNotBeWritten_IsRefused(string name, CodeFileError error)
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), Path.GetTempPath());
        File.CreateSymbolicLink(Path.Combine(_root, "link.json"), Path.Combine(_root, "old.json"));
        await using var writer = new CodeFileWriter(Options());
        var writing = () => WriteAsync(writer, $"```json file={name}\n1\n```\n");

        var refusal = (await writing.Should().ThrowAsync<CodeFileException>()).Which;
        (refusal.Error, refusal.FileName).Should().Be((error, name));
        await writer.DisposeAsync();
        (await File.ReadAllTextAsync(Path.Combine(_root, "old.json"))).Should().Be("old");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task CommitAsync_FenceThatNeverEnds_WritesNothing()
    {
        var writing = () => RunAsync("```json old.json\n1\n```\n```json third.json\n{", new CodeFileWriter(Options()));

        var refusal = (await writing.Should().ThrowAsync<CodeFileException>()).Which;
        (refusal.Error, refusal.FileName, refusal.Message).Should().Be((CodeFileError.Incomplete, "third.json", "The closing fence of the code for 'third.json' is missing."));
        Read(_root).Should().Be(Old);
    }

    [Fact]
    public async Task CommitAsync_InvalidCode_WritesNothing_AndSaysWhere()
    {
        var options = Options();
        options.Validate = CodeFileWriterOptions.Each(JsonCode.CheckAsync);
        var writing = () => RunAsync("```json old.json\n1\n```\n```json third.json\n{\n  oops\n}\n```\n", new CodeFileWriter(options));

        var refusal = (await writing.Should().ThrowAsync<CodeFileException>()).Which;
        refusal.Error.Should().Be(CodeFileError.Rejected);
        refusal.Message.Should().StartWith("The validation found 1 error(s). The first: third.json(2,3): Error: ");
        refusal.Diagnostics.Should().ContainSingle().Which.ToString().Should().StartWith("third.json(2,3): Error: ");
        Read(_root).Should().Be(Old);
    }

    [Fact]
    public async Task CommitAsync_CancelledValidation_WritesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var options = Options();
        options.Validate = (_, _) =>
        {
            cancel.Cancel();
            return new([]);
        };
        var writer = new CodeFileWriter(options);
        await WriteAsync(writer, Answer);

        await writer.Invoking(it => it.CommitAsync(cancel.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        Read(_root).Should().Be(Old);
        await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task WriteAsync_SameFileTwice_KeepsTheLater_AndARestartDropsWhatIsDiscarded()
    {
        var writer = new CodeFileWriter(Options());
        await WriteAsync(writer, "```json old.json\n1\n```\n```json old.json\n2\n```\n```json dropped.json\n3\n```\n");
        await writer.WriteAsync(new CodeBlocksRestarted { FirstDiscardedId = 2 });
        await writer.CommitAsync();

        Read(_root).Should().Be("old.json=2\n|third.json=old third");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task WriteAsync_RestartDiscardsABlockThatReplacesAFile_TheFileIsBack()
    {
        var writer = new CodeFileWriter(Options());
        await WriteAsync(writer, "```json old.json\n1\n```\n```json old.json\n2\n```\n```json old.json\n3");
        await writer.WriteAsync(new CodeBlocksRestarted { FirstDiscardedId = 1 });
        var files = await writer.CommitAsync();

        files.Should().ContainSingle().Which.Code.Id.Should().Be(0);
        Read(_root).Should().Be("old.json=1\n|third.json=old third");
    }

    [Fact]
    public async Task WriteAsync_LaterBlockOfTheSameFileIsIncomplete_NothingIsCommitted()
    {
        var writing = () => RunAsync("```json old.json\n1\n```\n```json old.json\n2", new CodeFileWriter(Options()));

        (await writing.Should().ThrowAsync<CodeFileException>()).Which.Error.Should().Be(CodeFileError.Incomplete);
        Read(_root).Should().Be(Old);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task WriteAsync_SameFileManyTimes_IsBounded()
    {
        var options = Options();
        options.MaxFiles = 3;
        var writing = () => RunAsync(string.Concat(Enumerable.Repeat("```json old.json\n1\n```\n", 4)), new CodeFileWriter(options));

        (await writing.Should().ThrowAsync<StreamLimitException>()).Which.LimitName.Should().Be("MaxFiles");
        Read(_root).Should().Be(Old);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteAsync_FileCannotBeOpened_LaterEventsAreIgnored_AndNothingIsCommittedUnlessItIsDiscarded(bool isDiscarded)
    {
        await using var writer = new CodeFileWriter(Options());
        await WriteAsync(writer, "```json third.json\n3\n```\n");
        var name = new string('a', 300) + "/a.json"; // longer than a name of a directory may be
        await writer.Invoking(it => it.WriteAsync(new CodeBlockStarted { Id = 1, Info = CodeBlockInfo.Parse($"json file={name}") }).AsTask()).Should().ThrowAsync<CodeFileException>().Where(failure => failure.Error == CodeFileError.FileSystem && failure.FileName == name);
        await writer.WriteAsync(new CodeBlockDelta { Id = 1, Text = "1\n" });
        await writer.WriteAsync(new CodeBlockEnded { Id = 1, IsComplete = true });
        if (isDiscarded)
        {
            await writer.WriteAsync(new CodeBlocksRestarted { FirstDiscardedId = 1 });
            (await writer.CommitAsync()).Should().ContainSingle();
            return;
        }

        await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>().Where(failure => failure.Error == CodeFileError.FileSystem && failure.FileName == name);
        Read(_root).Should().Be(Old);
    }

    [Fact]
    public async Task WriteAsync_AnyFailingOperation_IsNotFollowedByACommit_NorByAnotherException()
    {
        var operations = await CountAsync();
        for (var failsAt = 0; failsAt < operations; failsAt++)
        {
            var root = NewRoot();
            await using var writer = new CodeFileWriter(Options(root), new FaultyFileSystem(failsAt, kills: false));
            var failures = 0;
            await foreach (var codeEvent in CodeBlocks.Pieces(Answer, 16).ReadCodeBlocksAsync())
            {
                try
                {
                    await writer.WriteAsync(codeEvent);
                }
                catch (CodeFileException)
                {
                    failures++;
                }
            }

            failures.Should().BeLessThanOrEqualTo(1);
            if (failures == 1)
            {
                await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>();
                Read(root).Should().Be(Old, "operation {0} of {1} fails", failsAt, operations);
            }
        }
    }

    [Fact]
    public async Task WriteAsync_CancelledInTheMiddleOfABlock_NothingIsCommitted()
    {
        await using var writer = new CodeFileWriter(Options());
        await writer.WriteAsync(new CodeBlockStarted { Id = 0, Info = CodeBlockInfo.Parse("json old.json") });
        await writer.Invoking(it => it.WriteAsync(new CodeBlockDelta { Id = 0, Text = "1" }, new CancellationToken(canceled: true)).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        await writer.WriteAsync(new CodeBlockDelta { Id = 0, Text = "2\n" });
        await writer.WriteAsync(new CodeBlockEnded { Id = 0, IsComplete = true });

        (await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>()).Which.Error.Should().Be(CodeFileError.Incomplete);
        Read(_root).Should().Be(Old);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task WriteAsync_TooManyFiles_Throws()
    {
        var options = Options();
        options.MaxFiles = 2;
        var writing = () => RunAsync(Answer, new CodeFileWriter(options));

        (await writing.Should().ThrowAsync<StreamLimitException>()).Which.LimitName.Should().Be("MaxFiles");
        Read(_root).Should().Be(Old);
    }

    [Fact]
    public async Task WriteAsync_SurrogatePairInTwoPieces_IsWhole()
    {
        var writer = new CodeFileWriter(Options());
        await WriteAsync(writer, "```txt old.json\nä👩‍👩‍👧\n```\n", size: 1);
        await writer.CommitAsync();

        (await File.ReadAllTextAsync(Path.Combine(_root, "old.json"))).Should().Be("ä👩‍👩‍👧\n");
    }

    [Fact]
    public async Task AnyFailingOperation_LeavesTheTargetsAsTheyWere()
    {
        var operations = await CountAsync();
        for (var failsAt = 0; failsAt < operations; failsAt++)
        {
            var root = NewRoot();
            Exception? failure = null;
            try
            {
                await RunAsync(Answer, new CodeFileWriter(Options(root), new FaultyFileSystem(failsAt, kills: false)));
            }
            catch (CodeFileException exception)
            {
                failure = exception;
            }

            // A failure after the commit, while removing what is no longer needed, does not count.
            WithoutLeftovers(root).Should().Be(failure is null ? New : Old, "operation {0} of {1} fails", failsAt, operations);
            CodeFileWriter.Recover(root).Should().BeLessThanOrEqualTo(3);
            Read(root).Should().Be(failure is null ? New : Old, "operation {0} of {1} fails", failsAt, operations);
        }
    }

    [Fact]
    public async Task ProcessKilledAtAnyOperation_TargetsAreAllOldOrAllNew()
    {
        var operations = await CountAsync();
        var (old, @new) = (0, 0);
        for (var failsAt = 0; failsAt < operations; failsAt++)
        {
            var root = NewRoot();
            try
            {
                await RunAsync(Answer, new CodeFileWriter(Options(root), new FaultyFileSystem(failsAt, kills: true)));
            }
            catch (CodeFileException)
            {
                // Nobody would see it.
            }

            // The next writer of the directory undoes a commit that was cut in the middle.
            await using (var next = new CodeFileWriter(Options(root)))
            {
                await WriteAsync(next, "```txt other.txt\nx\n```\n");
            }

            var state = WithoutLeftovers(root);
            state.Should().Match(text => text == Old || text == New, "the process was killed at operation {0} of {1}", failsAt, operations);
            _ = state == Old ? old++ : @new++;
            CodeFileWriter.Recover(root);
            Read(root).Should().Be(state);
        }

        old.Should().BeGreaterThan(20);
        @new.Should().BePositive();
    }

    [Fact]
    public async Task Recover_WhileACommitRuns_LeavesItAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "x.streamline-commit"), "[]");
        await using var live = new FileStream(Path.Combine(_root, "x.streamline-commit"), FileMode.Open, FileAccess.Write, FileShare.None);

        CodeFileWriter.Recover(_root).Should().Be(0);
    }

    [Fact]
    public void Recover_JournalThatLeadsOutOfTheRoot_TouchesNothing()
    {
        var outside = Path.Combine(_directory, "outside");
        File.WriteAllText(outside, "mine");
        File.WriteAllText(Path.Combine(_root, ".x.streamline-commit"), $"[\"../{Path.GetFileName(outside)}\",\".a.streamline-tmp\",null]");
        CodeFileWriter.Recover(_root).Should().Be(1);

        File.ReadAllText(outside).Should().Be("mine");
    }

    private const string Old = "old.json=old|third.json=old third";

    private const string New = "old.json={\"new\":1}\n|sub/new.json=[2]\n|third.json=3\n";

    private CodeFileWriterOptions Options(string? root = null) => new() { Root = root ?? _root };

    private async Task<int> CountAsync()
    {
        var files = new FaultyFileSystem(failsAt: -1, kills: false);
        await RunAsync(Answer, new CodeFileWriter(Options(NewRoot()), files));
        return files.Operations;
    }

    private string NewRoot()
    {
        var root = Path.Combine(_directory, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "old.json"), "old");
        File.WriteAllText(Path.Combine(root, "third.json"), "old third");
        return root;
    }

    private static async Task<IReadOnlyList<CodeFile>> RunAsync(string text, CodeFileWriter writer)
    {
        await using (writer)
        {
            await WriteAsync(writer, text);
            return await writer.CommitAsync();
        }
    }

    private static Task WriteAsync(CodeFileWriter writer, string text, int size = 16) => CodeBlocks.WriteAsync(writer, text, size);

    private static string Read(string root) => string.Join('|', FilesOf(root).Select(file => $"{file}={File.ReadAllText(Path.Combine(root, file))}"));

    private static string WithoutLeftovers(string root) => string.Join(
        '|', FilesOf(root).Where(file => !file.Contains(".streamline-", StringComparison.Ordinal)).Select(file => $"{file}={File.ReadAllText(Path.Combine(root, file))}"));

    private static IEnumerable<string> FilesOf(string root) =>
        Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
