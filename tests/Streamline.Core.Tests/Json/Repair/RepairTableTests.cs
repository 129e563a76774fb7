using System.Text;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>
/// The table of transitions in <c>docs/partial-json.md</c> is what the code does. To write it anew, run this test with the environment variable <c>STREAMLINE_WRITE_TABLES=1</c>.
/// </summary>
public sealed class RepairTableTests
{
    private const string Heading = "| where | next | readings |\n|---|---|---|\n";

    private static readonly string Page = Repository.Combine("docs", "partial-json.md");

    private static readonly (string Name, string Before)[] Places =
    [
        ("first element", "["), ("element", "[1,"), ("value of a member", "{\"a\":"), ("first name", "{"), ("name", "{\"a\":1,"), ("after a name", "{\"a\""),
        ("after an element", "[\"b\""), ("after a member", "{\"a\":\"b\""), ("in a string", "[\"b"), ("in a name", "{\"b"),
    ];

    [Fact]
    public void Transitions_OfThePage_AreThoseOfTheCode()
    {
        var table = Describe();
        var page = File.ReadAllText(Page);
        var start = page.IndexOf(Heading, StringComparison.Ordinal);
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("STREAMLINE_WRITE_TABLES") == "1")
        {
            File.WriteAllText(Page, page[..start] + table + page[end..]);
            return;
        }

        page[start..end].Should().Be(table);
    }

    private static string Describe()
    {
        var table = new StringBuilder(Heading);
        foreach (var (name, before) in Places)
        {
            foreach (var next in "\"'{}[]:,;=a1\n")
            {
                if (Read(before, (byte)next) is { } readings)
                {
                    table.Append("| ").Append(name).Append(" | `").Append(next == '\n' ? "↵" : next.ToString()).Append("` | ").Append(readings).Append(" |\n");
                }
            }
        }

        return table.ToString().TrimEnd();
    }

    // The hypotheses at a byte, the cheapest first; null where there is nothing but what the grammar says.
    private static string? Read(string before, byte next)
    {
        var reader = new PartialJsonReader();
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(before);
        while (!text.IsEmpty)
        {
            reader.Read(ref text, out _);
        }

        var hypotheses = new JsonHypotheses(rootDepth: 0);
        hypotheses.Window.Begin(before.Length, before.Length, before.Length, before: default, isProbe: false);
        hypotheses.Begin(reader, JsonReadingFlags.None, default);
        hypotheses.Step(next);
        var readings = hypotheses.Left.ToArray().Select(hypothesis => Describe(hypotheses, hypothesis)).ToArray();
        return readings is ["as JSON"] ? null : string.Join("; ", readings);
    }

    private static string Describe(JsonHypotheses hypotheses, JsonHypothesis hypothesis)
    {
        var edits = new List<string>();
        for (var index = hypothesis.Edit; index >= 0; index = hypotheses.Edit(index).Parent)
        {
            if (hypotheses.Edit(index).Action != JsonEditAction.EndRoot)
            {
                edits.Insert(0, Describe(hypotheses.Edit(index)));
            }
        }

        var mode = hypothesis.Mode switch
        {
            JsonReadingMode.Grammar => "",
            JsonReadingMode.After => "the root ends",
            _ => hypothesis.Mode.ToString().ToLowerInvariant(),
        };
        var what = string.Join(", ", edits.Append(mode).Where(part => part.Length > 0));
        return (what.Length == 0 ? "as JSON" : what) + (hypothesis.Cost == 0 ? "" : $" +{hypothesis.Cost}");
    }

    private static string Describe(JsonEdit edit)
    {
        var what = edit.Action switch
        {
            JsonEditAction.Write when edit.Length == 0 => $"insert `{(char)edit.Argument}`",
            JsonEditAction.Write => $"read `{(char)edit.Argument}`",
            JsonEditAction.WriteJson => $"insert `{Encoding.UTF8.GetString(edit.Json!).Trim()}`",
            JsonEditAction.RemoveComma => "drop the comma before",
            JsonEditAction.Escape => "escape",
            JsonEditAction.Skip when edit.Length == 0 => "text",
            JsonEditAction.Skip => "skip",
            _ => edit.Action.ToString(),
        };
        return edit.Kind is { } kind ? $"{what} ({kind})" : what;
    }
}
