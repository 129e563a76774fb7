using System.Globalization;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Code;

[Trait("Law", "1")]
public sealed class CodeBlockReaderTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "Hi\n```cs\nvar x;\n```\nBye", "text|Hi\n;0 cs -;0|var x;\n;0 end;text|Bye" },
        { "~~~json file=\"a b.json\"\n{}\n~~~\n", "0 json a b.json;0|{}\n;0 end" },
        { "````md\n```cs\nx\n```\n````\n", "0 md -;0|```cs\nx\n```\n;0 end" },
        { "> ```py\n> x = 1\n> ```\n", "text|>\n;0 py -;0|x = 1\n;0 end" },
        { "- a\n\n  ```js file=src/a.js\n  let a;\n  ```\n", "text|- a\n\n;0 js src/a.js;0|let a;\n;0 end" },
        { "  ```cs\n  a\n b\n  ```", "0 cs -;0|a\nb\n;0 end" },
        { "```cs src/Foo.cs\nx", "0 cs src/Foo.cs;0|x;0 cut" },
        { "> ```cs\n> x\nafter", "text|>\n;0 cs -;0|x\n;0 cut;text|after" },
        { "    ```\n    code\n", "text|    ```\n    code\n" },
        { "```\n```\n```a\n```", "0 - -;0 end;1 a -;1 end" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_CutAnywhere_GivesTheBlocks(string text, string expected)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var reader = new CodeBlockReader();
            Describe([.. reader.Append(text.AsSpan(0, cut)), .. reader.Append(text.AsSpan(cut)), .. reader.Complete()]).Should().Be(expected, "cut at {0}", cut);
        }

        var byCharacter = new CodeBlockReader();
        Describe([.. text.SelectMany(next => byCharacter.Append([next])), .. byCharacter.Complete()]).Should().Be(expected);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Append_BlockThatIsTooLong_ThrowsAfterWhatWasDecided()
    {
        var reader = new CodeBlockReader(new CodeBlockOptions { MaxBlockChars = 10 });
        reader.Append("```\n123\n").Should().NotBeEmpty();

        reader.Invoking(it => { it.Append("45678901234\n"); it.Append("x"); }).Should().Throw<StreamLimitException>().Which.LimitName.Should().Be("MaxBlockChars");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task ReadCodeBlocksAsync_FailingStream_EndsTheBlockFirst()
    {
        var events = new List<CodeBlockEvent>();
        var reading = async () =>
        {
            await foreach (var codeEvent in FakeStreamClient.StreamThenThrow(Interrupted(), Words("```cs\nvar x")).ReadCodeBlocksAsync())
            {
                events.Add(codeEvent);
            }
        };

        await reading.Should().ThrowAsync<StreamInterruptedException>();
        Describe(events).Should().Be("0 cs -;0|var x;0 cut");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task ReadCodeBlocksAsync_RestartedStream_SaysWhatIsDiscarded()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var events = new List<CodeBlockEvent>();
        await foreach (var codeEvent in FakeStreamClient.Stream([Words("```cs\nold"), restarted, Words("```cs\nnew\n```"), Completed()]).ReadCodeBlocksAsync())
        {
            events.Add(codeEvent);
        }

        Describe(events).Should().Be("0 cs -;0|old;0 cut;restarted 0;1 cs -;1|new\n;1 end");
    }

    internal static string Describe(IEnumerable<CodeBlockEvent> events)
    {
        var lines = new List<string>();
        foreach (var codeEvent in events)
        {
            if (codeEvent is CodeBlockDelta delta)
            {
                var name = delta.Id?.ToString(CultureInfo.InvariantCulture) ?? "text";
                if (lines.Count > 0 && lines[^1].StartsWith(name + "|", StringComparison.Ordinal))
                {
                    lines[^1] += delta.Text;
                }
                else
                {
                    lines.Add($"{name}|{delta.Text}");
                }

                continue;
            }

            lines.Add(codeEvent switch
            {
                CodeBlockStarted started => $"{started.Id} {started.Info.Language ?? "-"} {started.Info.FileName ?? "-"}",
                CodeBlockEnded ended => $"{ended.Id} {(ended.IsComplete ? "end" : "cut")}",
                CodeBlocksRestarted restart => $"restarted {restart.FirstDiscardedId}",
                CodeDiagnosticsFound found => $"found {found.Code.Id} {(found.IsFinal ? "final" : "live")} {string.Join(' ', found.Diagnostics)}",
                _ => "?",
            });
        }

        return string.Join(';', lines);
    }
}
