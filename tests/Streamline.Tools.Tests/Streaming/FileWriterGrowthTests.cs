using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.Tools.Tests.Files;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>What is in the temporary file while the content grows. The target would not tell: a file that did not grow as it should is written anew at the end.</summary>
public sealed class FileWriterGrowthTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamline-").FullName;
    private readonly FaultyFileSystem _files = new(failsAt: -1, kills: false);
    private readonly FileWriterToolCall _call;

    public FileWriterGrowthTests() => _call = new FileWriterToolCall(new FileWriterToolOptions { Root = _root }, _files);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Content_IsWritten_WhenItHasGrownByFourKibibytes()
    {
        await ShowAsync(9, 10, 11, 9 + 4095, 9 + 4096, 9 + 4097, 9 + (2 * 4096));
        _files.Writes.Should().Equal(9, 4096, 4096);
    }

    [Fact]
    public async Task LongContent_IsWritten_WhenItHasGrownByAnEighth()
    {
        await ShowAsync(79_999, 89_998, 89_999);
        _files.Writes.Should().Equal(79_999, 10_000);
    }

    [Fact]
    public async Task Commit_WritesTheRestOnly()
    {
        await ShowAsync(5);
        await _call.CommitAsync(Arguments("a.txt", Content(7)), default);
        _files.Writes.Should().Equal(5, 2);
        File.ReadAllText(Path.Combine(_root, "a.txt")).Should().Be(Content(7));
    }

    [Fact]
    public async Task Commit_OfWhatWasShown_WritesNothing()
    {
        await ShowAsync(5);
        await _call.CommitAsync(Arguments("a.txt", Content(5)), default);
        _files.Writes.Should().Equal(5);
    }

    [Fact]
    public async Task Commit_PutsTheFileInPlace_WhenAllOfItIsOnTheDisk()
    {
        await ShowAsync(5);
        await _call.CommitAsync(Arguments("a.txt", Content(7)), default);
        _files.Done.Should().ContainInOrder("Create", "WriteAsync", "WriteAsync", "Flush", "Move");
        _files.OpenFiles.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task RollBack_ClosesTheFile()
    {
        await ShowAsync(5);
        _files.OpenFiles.Should().Be(1);
        await _call.RollBackAsync();
        _files.OpenFiles.Should().Be(0);
        Directory.GetFiles(_root).Should().BeEmpty();
    }

    [Theory]
    [InlineData("a.txt", "abc")]
    [InlineData("a.txt", "ABCDEFGH")]
    [InlineData("b.txt", "abcde")]
    [Trait("Law", "3")]
    public async Task Commit_OfOtherContentOrAnotherFile_WritesAllOfIt(string path, string content)
    {
        await ShowAsync(5);
        await _call.CommitAsync(Arguments(path, content), default);
        _files.Writes.Should().Equal(5, content.Length);
        File.ReadAllText(Path.Combine(_root, path)).Should().Be(content);
        Directory.GetFiles(_root).Should().ContainSingle();
    }

    /// <summary>Half a character that was shown as U+FFFD and the same half of the content have the same bytes; its other half does not continue it.</summary>
    [Fact]
    [Trait("Law", "3")]
    public async Task Commit_CharacterThatWasShownAsAnother_IsWrittenWhole()
    {
        await _call.OnInputAsync(Document("""{"path":"a.txt","content":"x\uFFFD""", isComplete: false), default);
        _files.Writes.Should().NotBeEmpty();
        await _call.CommitAsync(Arguments("a.txt", "x😀"), default);
        File.ReadAllText(Path.Combine(_root, "a.txt")).Should().Be("x😀");
    }

    [Fact]
    public async Task PathThatIsNotWhole_OrContentThatIsNoText_WritesNothing()
    {
        foreach (var json in new[] { """{"content":"abc","path":"a.t""", """{"path":"a.txt",""", """{"path":"a.txt","content":5,""", """{"path":null,"content":"abc""", """{"content":"abc",""" })
        {
            await _call.OnInputAsync(Document(json, isComplete: false), default);
            Directory.GetFiles(_root).Should().BeEmpty(json);
        }

        await _call.OnInputAsync(Document("""{"content":"abc","path":"a.txt",""", isComplete: false), default);
        _files.Writes.Should().Equal(3);
    }

    private static string Content(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));

    private static AIFunctionArguments Arguments(string path, string content) => new() { ["path"] = path, ["content"] = content };

    private static PartialJsonElement Document(string text, bool isComplete = true)
    {
        var document = new PartialJsonDocument();
        document.Append(text);
        document.RootElement.IsComplete.Should().Be(isComplete);
        return document.RootElement;
    }

    /// <summary>Shows the tool its content at each of these lengths.</summary>
    private async Task ShowAsync(params int[] lengths)
    {
        foreach (var length in lengths)
        {
            await _call.OnInputAsync(Document($$"""{"path":"a.txt","content":"{{Content(length)}}""", isComplete: false), default);
        }
    }
}
