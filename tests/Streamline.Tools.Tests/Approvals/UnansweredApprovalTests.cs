using System.Text.Json.Serialization;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Methods that show nobody the question answer it at once. The clock stands still, so that a question which waits would hang.</summary>
public sealed partial class UnansweredApprovalTests
{
    private const string Denied = "The tool was not run: approval was denied. Nobody can be asked here.";

    [Fact]
    public Task GetObjectAsync_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        """{"text":"a"}""", async client => (await client.GetObjectAsync("x", NoteContext.Default.Note)).Text.Should().Be("a"));

    [Fact]
    public Task StreamObjectAsync_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        """{"text":"a"}""", async client => (await client.StreamObjectAsync("x", NoteContext.Default.Note).LastAsync()).Value!.Text.Should().Be("a"));

    [Fact]
    public Task StreamObjectAsync_WithItems_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        """{"items":["a"]}""", async client => (await client.StreamObjectAsync("x", NoteContext.Default.Notes, notes => notes.Items).LastAsync()).Value!.Items.Should().Equal("a"));

    [Fact]
    public Task StreamItemsAsync_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        """{"items":[{"text":"a"}]}""", async client => (await client.StreamItemsAsync("x", NoteContext.Default.Note).SingleAsync()).Text.Should().Be("a"));

    [Fact]
    public Task StreamTextAsync_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        "a", async client => (await client.StreamTextAsync("x").SingleAsync()).Should().Be("a"));

    [Fact]
    public Task ReadSpokenTextAsync_ToolNeedsApproval_IsDenied() => ShouldDenyAsync(
        "a", async client => string.Concat(await client.StreamAsync("x").ReadSpokenTextAsync().ToArrayAsync()).Trim().Should().Be("a"));

    [Fact]
    public async Task SnapshotsAsync_ToolNeedsApproval_ShowsTheQuestionForTheConsumerToAnswer()
    {
        var (client, source) = Build("a");

        await foreach (var state in client.StreamAsync("x").SnapshotsAsync(TimeSpan.Zero))
        {
            foreach (var question in state.PendingApprovals)
            {
                question.Approve();
            }
        }

        Result(source).Should().Be("ran");
    }

    private static async Task ShouldDenyAsync(string answer, Func<IStreamClient, Task> read)
    {
        var (client, source) = Build(answer);

        await read(client).OrFail();

        Result(source).Should().Be(Denied);
    }

    private static (IStreamClient Client, FakeStreamClient Source) Build(string answer)
    {
        var tools = new ToolSet().Add(new TestTool("tool", "ran"), tool => tool.Approval = ToolApproval.Always);
        var loop = Loop.Over(tools, options => options.TimeProvider = new ManualTimeProvider(), Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")), Wire.Answer(answer));
        return (loop.Client, loop.Source);
    }

    private static string? Result(FakeStreamClient source) =>
        source.Requests[^1].Messages.SelectMany(message => message.Contents).OfType<Microsoft.Extensions.AI.FunctionResultContent>().Single().Result?.ToString();

    internal sealed record Note(string Text);

    internal sealed record Notes(IReadOnlyList<string> Items);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Note))]
    [JsonSerializable(typeof(Notes))]
    private sealed partial class NoteContext : JsonSerializerContext;
}
