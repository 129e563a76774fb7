using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Tests.Events;

/// <summary>The list of JSON forms in docs/events.md is what events are written as. To rewrite it, set <c>STREAMLINE_ACCEPT_SNIPPETS=1</c>.</summary>
public sealed partial class StreamEventJsonPageTests
{
    private static readonly string Page = Repository.Combine("docs", "events.md");

    [Fact]
    public void JsonForms_OfThePage_AreWhatIsWritten()
    {
        var page = File.ReadAllText(Page);
        var forms = Forms().Match(page).Groups["lines"];
        var lines = forms.Value.TrimEnd().Split('\n');
        var written = lines.Select(line => StreamEventJson.Serialize(StreamEventJson.Deserialize(line))).ToArray();
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_SNIPPETS") == "1")
        {
            File.WriteAllText(Page, page.Replace(forms.Value, string.Join('\n', written) + "\n", StringComparison.Ordinal));
            lines = written;
        }

        written.Should().Equal(lines);
    }

    [Fact]
    public void JsonForms_OfThePage_ShowEveryEventWithEveryMember()
    {
        var lines = Forms().Match(File.ReadAllText(Page)).Groups["lines"].Value.TrimEnd().Split('\n');
        var shown = lines.Select(line => (Event: StreamEventJson.Deserialize(line).GetType(), Members: MembersOf(line))).ToDictionary(row => row.Event, row => row.Members);

        shown.Keys.Should().BeEquivalentTo(EventGenerators.ByType.Keys);
        foreach (var (type, members) in shown)
        {
            var known = StreamEventJsonContext.Default.GetTypeInfo(type)!.Properties.Where(property => property.Get is not null).Select(property => property.Name).Append("type");
            members.Should().BeEquivalentTo(known, "{0} is shown with all of its members", type.Name);
        }
    }

    [Theory]
    [InlineData("`kind`", typeof(ContentKind))]
    [InlineData("`finishReason`", typeof(FinishReason))]
    [InlineData("`outcome`, made from `finishReason`", typeof(StreamOutcome))]
    [InlineData("`decision`", typeof(ApprovalDecision))]
    [InlineData("`reason` of `toolWaiting`", typeof(ToolWaitReason))]
    [InlineData("`kind` of `clientChanged`", typeof(FailureKind))]
    [InlineData("`strategy` of `streamResumed`", typeof(ResumeStrategy))]
    [InlineData("`confidence` of `streamResumed`", typeof(SeamConfidence))]
    public void Values_OfThePage_AreThoseOfTheEnumeration(string member, Type type)
    {
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName);

        File.ReadAllText(Page).Should().Contain($"| {member} | {string.Join(", ", names.Select(name => $"`{name}`"))} |\n");
    }

    private static IEnumerable<string> MembersOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }

    [GeneratedRegex("```jsonl\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Forms();
}
