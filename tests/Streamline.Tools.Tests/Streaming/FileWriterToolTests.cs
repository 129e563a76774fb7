using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>The file changes in one step at the end, or not at all.</summary>
public sealed class FileWriterToolTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Call_StreamsIntoATemporaryFileAndReplacesTheTargetAtTheEnd()
    {
        var target = Write("a.txt", "before");
        var content = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i} é 😀\n"));
        var json = JsonSerializer.Serialize(new { path = "a.txt", content });
        await using var live = new LiveStream([Tool()]);
        var document = new PartialJsonDocument();
        live.Send(Wire.Started, Wire.CallStarted(0, "1", "write_file"));
        for (var i = 0; i < json.Length; i += 1000)
        {
            var fragment = json[i..Math.Min(json.Length, i + 1000)];
            document.Append(fragment);
            live.Send(new ToolInputDelta { Index = 0, CallId = "1", Fragment = fragment, Input = document.RootElement });
        }

        live.Send(Wire.Text("on", index: 1));
        await live.ReadToAsync<TextDelta>();
        File.ReadAllText(target).Should().Be("before");

        live.SendAll(Wire.Sealed(0, "1", "write_file", json), Wire.Ended());
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
        File.ReadAllText(target).Should().Be(content);
        Files().Should().Equal("a.txt");
    }

    [Theory]
    [InlineData("a.txt", "hello", 0)]
    [InlineData("a.txt", "hello", 3)]
    [InlineData("deep/er/b.txt", "hello", 5)]
    [InlineData("a.txt", "", 0)]
    public async Task Commit_AfterAnyPreview_WritesTheParsedContent(string path, string content, int shown)
    {
        Write("a.txt", "before");
        var call = Tool().BeginCall(context: null);
        await call.OnInputAsync(PartialJsonDocument($$"""{"path":"{{path}}","content":"{{content[..shown]}}"""), default);
        await call.CommitAsync(Arguments(path, content), default);
        File.ReadAllText(Path.Combine(_root, path)).Should().Be(content);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Commit_ThatContradictsThePreview_WritesTheParsedContentOnly()
    {
        var call = Tool().BeginCall(context: null);
        await call.OnInputAsync(PartialJsonDocument("""{"path":"a.txt","content":"a long preview"""), default);
        await call.CommitAsync(Arguments("b.txt", "short"), default);
        Files().Should().Equal("b.txt");
        File.ReadAllText(Path.Combine(_root, "b.txt")).Should().Be("short");

        call = Tool().BeginCall(context: null);
        await call.OnInputAsync(PartialJsonDocument("""{"path":"b.txt","content":"other text"""), default);
        await call.CommitAsync(Arguments("b.txt", "or"), default);
        File.ReadAllText(Path.Combine(_root, "b.txt")).Should().Be("or");
    }

    [Fact]
    public async Task RollBack_AtAnyPoint_LeavesTheTargetAndNothingElse()
    {
        Write("a.txt", "before");
        const string Json = """{"path":"new/a.txt","content":"some content that grows"}""";
        for (var length = 0; length <= Json.Length; length++)
        {
            var call = Tool().BeginCall(context: null);
            await call.OnInputAsync(PartialJsonDocument(Json[..length]), default);
            await call.RollBackAsync();
            Files().Should().Equal(["a.txt"], "after {0} characters", length);
            Directory.GetDirectories(_root).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Validate_ThatRejects_LeavesTheTargetAndTellsTheModel()
    {
        var target = Write("a.json", "{}");
        var tool = Tool(async (path, file, token) =>
        {
            path.Should().Be(target);
            try
            {
                using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, token));
            }
            catch (JsonException exception)
            {
                throw new ToolErrorException("The file is not valid JSON.", exception);
            }
        });
        var json = JsonSerializer.Serialize(new { path = "a.json", content = "{" });
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write_file", json)), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("The file is not valid JSON.");
        File.ReadAllText(target).Should().Be("{}");
        Files().Should().Equal("a.json");
    }

    [Fact]
    public async Task Cancel_BeforeTheLastStep_LeavesTheTarget()
    {
        var target = Write("a.txt", "before");
        using var cancellation = new CancellationTokenSource();
        var call = Tool(async (_, _, _) => await cancellation.CancelAsync()).BeginCall(context: null);
        await call.Awaiting(c => c.CommitAsync(Arguments("a.txt", "after"), cancellation.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        await call.RollBackAsync();
        File.ReadAllText(target).Should().Be("before");
        Files().Should().Equal("a.txt");
    }

    [Theory]
    [InlineData("../out.txt")]
    [InlineData("/etc/out.txt")]
    [InlineData("a/../../out.txt")]
    [InlineData("a/")]
    [InlineData(".")]
    [InlineData("link/out.txt")]
    [InlineData("a\0b")]
    public async Task Path_OutsideOfTheRoot_IsRefused(string path)
    {
        var outside = Directory.CreateTempSubdirectory("streamline-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), outside);
        var call = Tool().BeginCall(context: null);
        await call.Awaiting(c => c.CommitAsync(Arguments(path, "x"), default).AsTask()).Should().ThrowAsync<ToolErrorException>();
        await call.RollBackAsync();
        Directory.GetFiles(outside).Should().BeEmpty();
        Directory.Delete(Path.Combine(_root, "link"));
        Directory.Delete(outside);
    }

    [Fact]
    public void LeftoversOfACrash_AreDeleted()
    {
        Write("a.txt", "before");
        Write(".x.streamline-tmp", "half");
        Tool().DeleteLeftovers().Should().Be(1);
        Files().Should().Equal("a.txt");
    }

    /// <summary>A <see cref="CodeFileWriter"/> may write in the same directory: the copies that undo its commit are no litter.</summary>
    [Fact]
    public void DeleteLeftovers_UndoesACommitThatWasCut()
    {
        Write("a.txt", "after"); // moved already
        Write("b.txt", "before");
        Write(".a-copy.streamline-tmp", "before");
        Write(".b-new.streamline-tmp", "after");
        Write(".b-copy.streamline-tmp", "before");
        Write(".x.streamline-commit", """["a.txt",".a-new.streamline-tmp",".a-copy.streamline-tmp","b.txt",".b-new.streamline-tmp",".b-copy.streamline-tmp"]""");
        Tool().DeleteLeftovers().Should().Be(1, "the files of the commit are counted with it");

        Files().Should().BeEquivalentTo("a.txt", "b.txt");
        File.ReadAllText(Path.Combine(_root, "a.txt")).Should().Be("before");
        File.ReadAllText(Path.Combine(_root, "b.txt")).Should().Be("before");
    }

    [Fact]
    public void LockTarget_NamesTheFile() =>
        Tool().LockTarget(Wire.Json("""{"path":"./x/../a.txt"}""")).Should().ContainSingle().Which.Key.Should().Be("file:" + Path.Combine(_root, "a.txt"));

    [Fact]
    public async Task Commit_TellsTheModelWhatWasWritten() =>
        (await Tool().BeginCall(context: null).CommitAsync(Arguments("a.txt", "é!"), default)).Should().Be("Wrote 3 bytes to a.txt.");

    [Theory]
    [InlineData("""{"path":"a.txt"}""", "The argument 'content' is missing.")]
    [InlineData("""{"path":5,"content":""}""", "The argument 'path' must be a string.")]
    public async Task Commit_ArgumentsThatAreNoStrings_AreRefused(string json, string problem)
    {
        var arguments = new AIFunctionArguments(JsonSerializer.Deserialize<Dictionary<string, object?>>(json)!);
        var commit = () => Tool().BeginCall(context: null).CommitAsync(arguments, default).AsTask();
        (await commit.Should().ThrowAsync<ToolErrorException>()).WithMessage(problem);
    }

    [Fact]
    public void Tool_IsDescribedToTheModel()
    {
        Tool().Name.Should().Be("write_file");
        Tool().Description.Should().StartWith("Writes a text file");
        FluentActions.Invoking(() => new FileWriterTool(null!)).Should().Throw<ArgumentNullException>().WithParameterName("options");
        var options = new FileWriterToolOptions { Root = _root };
        options.Invoking(o => o.Name = "").Should().Throw<ArgumentException>();
        var tool = new FileWriterTool(options);
        options.Name = "later";
        tool.Name.Should().Be("write_file", "the options are copied");
    }

    private static PartialJsonElement PartialJsonDocument(string text)
    {
        var document = new PartialJsonDocument();
        document.Append(text);
        return document.RootElement;
    }

    private static AIFunctionArguments Arguments(string path, string content) => new() { ["path"] = path, ["content"] = content };

    private FileWriterTool Tool(Func<string, string, CancellationToken, ValueTask>? validate = null) => new(new FileWriterToolOptions { Root = _root, Validate = validate });

    private string Write(string name, string content)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, content);
        return path;
    }

    private IEnumerable<string> Files() => Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).OfType<string>();
}
