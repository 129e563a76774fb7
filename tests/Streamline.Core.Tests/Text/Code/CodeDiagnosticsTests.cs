using Streamline.TestSupport;

namespace Streamline.Tests.Code;

public sealed class CodeDiagnosticsTests
{
    [Theory]
    [InlineData("{\"a\": 1}", true, "")]
    [InlineData("{\"a\": ", false, "")]
    [InlineData("{\"a\": ", true, "(1,7)")]
    [InlineData("{\n  \"a\": x\n}", true, "(2,8)")]
    [InlineData("{\n  \"é\": x", false, "(2,8)")]
    [InlineData("", true, "(1,1)")]
    [InlineData("1 2", true, "(1,3)")]
    public async Task JsonCode_Checks_WithThePositionOfTheError(string text, bool isComplete, string position)
    {
        var found = await JsonCode.CheckAsync(new CodeSnapshot { Id = 0, Info = CodeBlockInfo.Parse("json"), Text = text, IsComplete = isComplete });

        string.Concat(found!.Select(diagnostic => $"({diagnostic.Line},{diagnostic.Column})")).Should().Be(position);
    }

    [Fact]
    public async Task JsonCode_OfAnotherLanguage_IsNotChecked() =>
        (await JsonCode.CheckAsync(new CodeSnapshot { Id = 0, Info = CodeBlockInfo.Parse("cs"), Text = "", IsComplete = true })).Should().BeNull();

    [Fact]
    public async Task WithDiagnosticsAsync_FindsAnErrorWhileTheBlockGrows()
    {
        var found = new TaskCompletionSource();
        var events = new List<CodeBlockEvent>();
        await foreach (var codeEvent in Pieces().ReadCodeBlocksAsync().WithDiagnosticsAsync(JsonCode.CheckAsync))
        {
            events.Add(codeEvent);
            if (codeEvent is CodeDiagnosticsFound { Diagnostics.Count: > 0 })
            {
                found.TrySetResult();
            }
        }

        var live = events.OfType<CodeDiagnosticsFound>().First();
        live.IsFinal.Should().BeFalse();
        live.Code.IsComplete.Should().BeFalse();
        live.Diagnostics.Should().ContainSingle().Which.Line.Should().Be(3);
        events.Last().Should().BeOfType<CodeDiagnosticsFound>().Which.IsFinal.Should().BeTrue();
        events.OfType<CodeDiagnosticsFound>().Should().HaveCount(2, "the same finding is told once while the block grows");

        async IAsyncEnumerable<string> Pieces()
        {
            yield return "```json\n{\n  \"the first name\": 1,\n";
            yield return "  \"the second name\": oops,\n";
            await found.Task.OrFail(); // the rest comes only when the error is known
            yield return "  \"the third name\": 3\n";
            yield return "}\n```\n";
        }
    }

    [Fact]
    public async Task WithDiagnosticsAsync_EveryBlock_GetsOneFinalFinding_AndTheEventsStayTheSame()
    {
        var text = string.Concat(Enumerable.Range(0, 20).Select(i => $"Block {i}\n```json\n[{i}{(i % 3 == 0 ? "" : "]")}\n```\n"));
        var plain = await ReadAsync(Cut(text, 5).ReadCodeBlocksAsync());
        var events = await ReadAsync(Cut(text, 5).ReadCodeBlocksAsync().WithDiagnosticsAsync(JsonCode.CheckAsync));

        CodeBlockReaderTests.Describe(events.Where(codeEvent => codeEvent is not CodeDiagnosticsFound)).Should().Be(CodeBlockReaderTests.Describe(plain));
        var final = events.OfType<CodeDiagnosticsFound>().Where(found => found.IsFinal).ToList();
        final.Select(found => found.Code.Id).Should().Equal(Enumerable.Range(0, 20));
        final.Select(found => found.Diagnostics.Count).Should().Equal(Enumerable.Range(0, 20).Select(i => i % 3 == 0 ? 1 : 0));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task WithDiagnosticsAsync_SlowCheck_HoldsTheStreamAtFiveBlocks()
    {
        var release = new TaskCompletionSource();
        var read = 0;
        var reading = ReadAsync(Pieces().ReadCodeBlocksAsync().WithDiagnosticsAsync(async (_, _) => { await release.Task.OrFail(); return []; }));
        await Task.Yield();
        reading.IsCompleted.Should().BeFalse();
        read.Should().BeLessThanOrEqualTo(7);
        release.SetResult();
        (await reading.OrFail()).OfType<CodeDiagnosticsFound>().Should().HaveCount(30);

        async IAsyncEnumerable<string> Pieces()
        {
            for (; read < 30; read++)
            {
                yield return "```json\n1\n```\n";
            }

            await Task.CompletedTask;
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task WithDiagnosticsAsync_FailingCheck_EndsTheStream_AndLeavingCancelsTheCheck()
    {
        var failing = () => ReadAsync(Cut("```json\n1\n```\n", 3).ReadCodeBlocksAsync().WithDiagnosticsAsync((_, _) => throw new FormatException()));
        await failing.Should().ThrowAsync<FormatException>();

        var cancelled = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await foreach (var codeEvent in Cut("```json\n1\n```\n\n```json\n", 3).ReadCodeBlocksAsync().WithDiagnosticsAsync(async (_, token) =>
        {
            started.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                cancelled.TrySetResult();
            }

            return null;
        }))
        {
            if (codeEvent is CodeBlockDelta { Id: null } or CodeBlockStarted { Id: 1 })
            {
                await started.Task.OrFail();
                break;
            }
        }

        await cancelled.Task.OrFail();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task WithDiagnosticsAsync_Cancelled_LeavesACheckThatIgnoresItsToken()
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<IReadOnlyList<CodeDiagnostic>?>();

        var reading = () => ReadAsync(Cut("```json\n1\n```\n", 3).ReadCodeBlocksAsync().WithDiagnosticsAsync(
            (_, _) =>
            {
                cancellation.Cancel();
                return new(never.Task);
            },
            cancellation.Token));

        await reading.Should().ThrowAsync<OperationCanceledException>();
    }

    private static async IAsyncEnumerable<string> Cut(string text, int size)
    {
        foreach (var piece in text.Chunk(size))
        {
            await Task.Yield();
            yield return new string(piece);
        }
    }

    private static async Task<List<CodeBlockEvent>> ReadAsync(IAsyncEnumerable<CodeBlockEvent> events)
    {
        var read = new List<CodeBlockEvent>();
        await foreach (var codeEvent in events)
        {
            read.Add(codeEvent);
        }

        return read;
    }
}
