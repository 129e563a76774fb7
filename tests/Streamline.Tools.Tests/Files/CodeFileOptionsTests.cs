namespace Streamline.Tools.Tests.Files;

/// <summary>What a writer of code files is given: arguments, options, and the checks of the application.</summary>
public sealed class CodeFileOptionsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Arguments_ThatCannotBe_AreRejected()
    {
        FluentActions.Invoking(() => new CodeFileWriter(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => CodeFileWriter.Recover(null!)).Should().Throw<ArgumentNullException>().WithParameterName("root");
        FluentActions.Invoking(() => CodeFileWriterOptions.Each(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Options().MaxFiles = 0).Should().Throw<ArgumentOutOfRangeException>();
        await using var writer = new CodeFileWriter(Options());
        await writer.Invoking(it => it.WriteAsync(null!).AsTask()).Should().ThrowAsync<ArgumentNullException>();
    }

    [Fact]
    public async Task WriteAsync_AfterTheCommit_IsRejected()
    {
        var writer = new CodeFileWriter(Options());
        (await writer.CommitAsync()).Should().BeEmpty();

        await writer.Invoking(it => it.WriteAsync(new CodeBlocksRestarted { FirstDiscardedId = 0 }).AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("The writer has committed or was disposed.");
    }

    [Fact]
    public async Task CommitAsync_NoBlockNamesAFile_TouchesNothing()
    {
        var files = new FaultyFileSystem(failsAt: -1, kills: false);
        await using var writer = new CodeFileWriter(Options(), files);

        (await writer.CommitAsync()).Should().BeEmpty();
        files.Operations.Should().Be(0);
    }

    [Fact]
    public async Task Each_ChecksWholeFiles_AndNamesThem()
    {
        List<bool> whole = [];
        var check = CodeFileWriterOptions.Each((code, _) =>
        {
            whole.Add(code.IsComplete);
            return new ValueTask<IReadOnlyList<CodeDiagnostic>?>(code.Id switch
            {
                0 => null,
                1 => [new CodeDiagnostic { Message = "of its own", FileName = "included.h" }],
                _ => [new CodeDiagnostic { Message = "of the file" }],
            });
        });
        IReadOnlyList<CodeDiagnostic> found = [];
        var options = Options();
        options.Validate = async (files, token) => found = await check(files, token);

        var writer = new CodeFileWriter(options);
        await CodeBlocks.WriteAsync(writer, "```c a.c\n1\n```\n```c b.c\n2\n```\n```c c.c\n3\n```\n");
        await writer.Invoking(it => it.CommitAsync().AsTask()).Should().ThrowAsync<CodeFileException>();

        whole.Should().Equal(true, true, true);
        found.Select(diagnostic => diagnostic.FileName).Should().Equal("included.h", "c.c");
    }

    [Fact]
    public void CodeFileException_WithoutDiagnostics_HasNone() => new CodeFileException(CodeFileError.FileSystem, "x").Diagnostics.Should().BeEmpty();

    private CodeFileWriterOptions Options() => new() { Root = _root };
}
