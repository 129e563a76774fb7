namespace Streamline.Tools.Tests.Files;

/// <summary>The name of a file means the same on every system.</summary>
public sealed class CodeFileNameTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(@"..\a.json", CodeFileError.OutsideRoot)]
    [InlineData(@"sub\..\..\a.json", CodeFileError.OutsideRoot)]
    [InlineData(@"\\server\a.json", CodeFileError.OutsideRoot)]
    [InlineData(@"C:\a.json", CodeFileError.OutsideRoot)]
    [InlineData("c:a.json", CodeFileError.OutsideRoot)]
    [InlineData("a.json:b", CodeFileError.InvalidName)]
    [InlineData("a\u0001b.json", CodeFileError.InvalidName)]
    [InlineData("a\u0085b.json", CodeFileError.InvalidName)]
    [InlineData("a\nb.json", CodeFileError.InvalidName)]
    [InlineData("a\0.json", CodeFileError.InvalidName)]
    public async Task WriteAsync_NameThatMeansAnotherFileElsewhere_IsRefused(string name, CodeFileError error) => (await RefuseAsync(name)).Should().Be(error);

    [Fact]
    public async Task WriteAsync_NameWithHalfASurrogatePair_IsRefused()
    {
        (await RefuseAsync("a\ud83d.json")).Should().Be(CodeFileError.InvalidName);
        (await RefuseAsync("a\ude00.json")).Should().Be(CodeFileError.InvalidName);
    }

    [Fact]
    public async Task CommitAsync_NameWithBackslashes_IsThatOfAFileInADirectory()
    {
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root, NameFile = _ => @"sub\new.json" });
        await WriteAsync(writer);

        (await writer.CommitAsync()).Should().ContainSingle().Which.Path.Should().Be(Path.Combine(_root, "sub", "new.json"));
    }

    private async Task<CodeFileError> RefuseAsync(string name)
    {
        await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = _root, NameFile = _ => name });
        var writing = () => WriteAsync(writer);

        var refusal = (await writing.Should().ThrowAsync<CodeFileException>()).Which;
        refusal.FileName.Should().Be(name);
        return refusal.Error;
    }

    private static async Task WriteAsync(CodeFileWriter writer)
    {
        await writer.WriteAsync(new CodeBlockStarted { Id = 0, Info = CodeBlockInfo.Parse("json") });
        await writer.WriteAsync(new CodeBlockDelta { Id = 0, Text = "1" });
        await writer.WriteAsync(new CodeBlockEnded { Id = 0, IsComplete = true });
    }
}
