
namespace Streamline.Testing.Tests;

/// <summary>The events that the builders of replies make.</summary>
public class ReplyContentTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("One two  three.\n", "One| two|  three.|\n")]
    [InlineData("日本語のとても長い一つの文です", "日本語のとても長い一つの|文です")]
    public void Words_Text_ComesInPieces(string text, string expected) => string.Join('|', TextFragments.Words(text)).Should().Be(expected);

    [Fact]
    public void Fragments_OfAnyLength_JoinToTheTextAndSplitNoPair()
    {
        const string text = "{\"😀😀\":\"a😀b 😀\"} 😀😀😀😀😀😀😀😀😀😀";
        foreach (var pieces in Enumerable.Range(1, 50).Select(length => TextFragments.OfLength(text, length)).Append(TextFragments.Words(text)))
        {
            string.Concat(pieces).Should().Be(text);
            pieces.Should().OnlyContain(piece => piece.Length > 0 && !char.IsLowSurrogate(piece[0]) && !char.IsHighSurrogate(piece[piece.Length - 1]));
        }
    }

    [Fact]
    public void Parts_Mixed_BecomeBlocksInOrder()
    {
        var reply = ScriptedReply.Reasoning("Hm.", "sig").ThenText("Let me").ThenToolCall("f", """{"a":1}""").ThenToolCall("g", "", "mine") with
        {
            Usage = new TokenUsage { OutputTokens = 7 },
            FragmentLength = 4,
        };

        Events(reply).ToLines().Should().Be(new StreamEvent[]
        {
            new ResponseStarted { Provider = "anthropic", ResponseId = "resp_3", Model = "asked" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "Hm." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Let " },
            new TextDelta { Index = 1, Text = "me" },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 2, CallId = "call_3_3", Name = "f" },
            new ToolInputDelta { Index = 2, CallId = "call_3_3", Fragment = "{\"a\"" },
            new ToolInputDelta { Index = 2, CallId = "call_3_3", Fragment = ":1}" },
            new ToolCallCompleted { Index = 2, CallId = "call_3_3", Name = "f", ArgumentsText = "{\"a\":1}", Arguments = Json("{\"a\":1}") },
            new ToolCallStarted { Index = 3, CallId = "mine", Name = "g" },
            new ToolCallCompleted { Index = 3, CallId = "mine", Name = "g", ArgumentsText = "", Arguments = Json("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { OutputTokens = 7 } },
        }.ToLines());
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [Trait("Law", "3")]
    public void ToolCall_ArgumentsThatAreNoObject_AreToldAsAParseError(string arguments)
    {
        var completed = Events(ScriptedReply.ToolCall("f", arguments)).OfType<ToolCallCompleted>().Single();

        completed.Arguments.Should().BeNull();
        completed.ParseError.Should().NotBeNullOrEmpty();
        completed.ArgumentsText.Should().Be(arguments);
    }

    [Fact]
    public void FinishReason_Unsaid_FollowsTheContent()
    {
        Events(ScriptedReply.Text("x")).OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.Stop);
        Events(ScriptedReply.Text("x") with { FinishReason = FinishReason.Length }).OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.Length);
    }

    [Fact]
    public void Then_OnAReply_LeavesItAsItWas()
    {
        var one = ScriptedReply.Text("one");
        _ = one.ThenText("two");

        Events(one).OfType<TextDelta>().Should().ContainSingle();
    }

    private static IEnumerable<StreamEvent> Events(ScriptedReply reply)
    {
        var request = new ScriptedRequest(
            2, StreamProtocols.Anthropic, "POST", "/v1/messages", new Dictionary<string, string>(StringComparer.Ordinal), """{"model":"asked"}"""u8.ToArray());
        return ((ReplyContent.Parts)reply.Content).ToEvents(reply, request, StreamProtocols.Anthropic);
    }

    private static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;
}
