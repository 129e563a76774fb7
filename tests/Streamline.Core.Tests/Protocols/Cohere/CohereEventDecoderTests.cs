using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Cohere.CohereWire;

namespace Streamline.Tests.Protocols.Cohere;

public sealed class CohereEventDecoderTests
{
    private const string Cited = """{"start":0,"end":5,"text":"Paris","sources":[{"type":"document","id":"doc:0","document":{"title":"Capitals","url":"https://e.org/capitals","snippet":"Paris is one."}}],"type":"TEXT_CONTENT","content_index":0}""";

    // begin: decode
    [Fact]
    public async Task Decode_TextAnswer_GivesTheCanonicalEvents()
    {
        var events = await ReadAsync(Start, TextStart, Words("On"), Words(" it."), ContentEnd, Stop);

        var usage = new TokenUsage
        {
            InputTokens = 70,
            OutputTokens = 9,
            TotalTokens = 79,
            AdditionalCounts = new Dictionary<string, long> { ["billed_units.input_tokens"] = 5, ["billed_units.output_tokens"] = 2 },
        };
        events.ToLines().Should().Be(new StreamEvent[]
        {
            new ResponseStarted { Provider = "cohere", ResponseId = "m1" },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "On" },
            new TextDelta { Index = 0, Text = " it." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new UsageUpdated { Usage = usage },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "COMPLETE", Usage = usage },
        }.ToLines());
    }
    // end: decode

    [Fact]
    public async Task Decode_ThinkingAndThenText_AreTwoBlocks()
    {
        var events = await ReadAsync(
            Start, ThinkingStart, Thinking("Add"), Thinking(" them."), ContentEnd,
            TextStart.Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal), Words("5", 1), """{"type":"content-end","index":1}""", Stop);

        WireRun.Fold(events).Blocks.Select(block => (block.Kind, block.Text, block.Raw?.GetRawText()))
            .Should().Equal((ContentKind.Reasoning, "Add them.", """{"type":"thinking"}"""), (ContentKind.Text, "5", null));
    }

    [Fact]
    public async Task Decode_PlanAndCalls_GiveReasoningAndCallsWithGrowingArguments()
    {
        var events = await ReadAsync(
            Start, Plan("I will"), Plan(" look."),
            CallStart(0, "a", "weather"), Input("""{\"city\": \"Pa"""), Input("""ris\"}"""), CallEnd,
            CallStart(1, "b", "weather"), Input("""{\"city\": \"Rome\"}""", 1), """{"type":"tool-call-end","index":1}""",
            End("\"finish_reason\":\"TOOL_CALL\""));

        var state = WireRun.Fold(events);
        state.Blocks.Select(block => (block.Kind, block.Name, block.Text)).Should().Equal(
            (ContentKind.Reasoning, null, "I will look."), (null, "weather", """{"city": "Paris"}"""), (null, "weather", """{"city": "Rome"}"""));
        state.Blocks[0].Raw!.Value.GetRawText().Should().Be("""{"type":"tool_plan"}""");
        events.OfType<ToolInputDelta>().First().Input["city"].GetString().Should().Be("Pa");
        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.Arguments is not null)).Should().Equal(("a", true), ("b", true));
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("""{\"a\":1}""", """{"a":1}""")]
    public async Task Decode_ArgumentsInTheStartOfACall_AreItsFirstPiece(string arguments, string expected)
    {
        var events = await ReadAsync(Start, CallStart(escapedArguments: arguments), CallEnd, Stop);

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.ArgumentsText.Should().Be(expected);
        call.Arguments!.Value.GetRawText().Should().Be(expected.Length == 0 ? "{}" : expected);
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData(true, "null")]
    [InlineData(false, "null", " ")]
    [InlineData(false, "nul", "l")]
    [InlineData(false, "null", "null")]
    public async Task Decode_NullForArguments_IsACallWithoutArguments(bool isNone, params string[] pieces)
    {
        var events = await ReadAsync([Start, CallStart(), .. pieces.Select(piece => Input(piece)), CallEnd, Stop]);

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.ArgumentsText.Should().Be(isNone ? "" : string.Concat(pieces));
        (call.Arguments is not null).Should().Be(isNone, "only the word of models for no arguments stands for an empty object");
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("""{\"path\": \"/tmp""")]
    [InlineData("[1,2]")]
    [InlineData("""{\"a\":1}{\"b\":2}""")]
    public async Task Decode_BadArguments_GivesTheErrorAndNoArguments(string arguments)
    {
        var events = await ReadAsync(Start, CallStart(), Input(arguments), CallEnd, Stop);

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.Arguments.Should().BeNull();
        call.ParseError.Should().Contain("expected").And.Contain("byte");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_MessageEndWithinACall_GivesNoArgumentsEvenIfTheyParse()
    {
        var events = await ReadAsync(Start, CallStart(), Input("""{\"n\":1}"""), End("\"finish_reason\":\"MAX_TOKENS\""));

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.Arguments.Should().BeNull();
        call.ParseError.Should().Contain("tool-call-end");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Outcome.Should().Be(StreamOutcome.Truncated);
    }

    [Theory]
    [Trait("Law", "14")]
    [InlineData("""{"a":"1"}""", true)]
    [InlineData("[1]", false)]
    [InlineData("7", false)]
    public async Task Decode_ArgumentsThatAreAValue_AreTaken(string value, bool isObject)
    {
        var events = await ReadAsync(Start, CallStart(), Input("x").Replace("\"x\"", value, StringComparison.Ordinal), CallEnd, Stop);

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.ArgumentsText.Should().Be(value);
        (call.Arguments is not null).Should().Be(isObject);
    }

    [Fact]
    public async Task Decode_CallsOfOneId_AreTwoUnlessTheySayTheSame()
    {
        var events = await ReadAsync(
            Start, CallStart(0, "a"), Input("""{\"n\":1}"""), CallEnd,
            CallStart(1, "a"), Input("""{\"n\":1}""", 1), """{"type":"tool-call-end","index":1}""",
            CallStart(2, "a"), Input("""{\"n\":2}""", 2), """{"type":"tool-call-end","index":2}""", Stop);

        events.OfType<ToolCallCompleted>().Select(call => call.ArgumentsText).Should().Equal("""{"n":1}""", """{"n":2}""");
        events.OfType<ToolCallCompleted>().Select(call => call.CallId).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Decode_CitationOfAnOpenText_IsACitation()
    {
        var events = await ReadAsync(Start, TextStart, Words("Paris"), Citation(Cited), """{"type":"citation-end","index":0}""", ContentEnd, Stop);

        var citation = events.OfType<CitationAdded>().Should().ContainSingle().Which;
        citation.Index.Should().Be(0);
        citation.Citation.GetRawText().Should().Be(Cited);
        var annotation = WireRun.Fold(events).ToChatMessage().Contents[0].Annotations!.Single().Should().BeOfType<Microsoft.Extensions.AI.CitationAnnotation>().Which;
        (annotation.Title, annotation.Url, annotation.Snippet).Should().Be(("Capitals", new Uri("https://e.org/capitals"), "Paris is one."));
    }

    [Theory]
    [Trait("Law", "14")]
    [InlineData("PLAN")]
    [InlineData("THINKING_CONTENT")]
    [InlineData("TEXT_CONTENT")]
    public async Task Decode_OtherCitations_AreMetadataOfTheirBlock(string type)
    {
        var citation = $$"""{"start":0,"end":5,"text":"Paris","type":"{{type}}"}""";
        var events = await ReadAsync(
            Start, Plan("Paris"), ThinkingStart, Thinking("Paris"), ContentEnd, TextStart.Replace(":0", ":1", StringComparison.Ordinal), Words("Paris", 1),
            """{"type":"content-end","index":1}""", Citation(citation), Stop);

        events.OfType<CitationAdded>().Should().BeEmpty();
        var metadata = events.OfType<ProviderMetadata>().Should().ContainSingle().Which;
        (metadata.Name, metadata.Value.GetRawText()).Should().Be(("citations", citation));
        metadata.Index.Should().Be(type switch { "PLAN" => 0, "THINKING_CONTENT" => 1, _ => 2 });
    }

    [Theory]
    [InlineData("COMPLETE", FinishReason.Stop)]
    [InlineData("STOP_SEQUENCE", FinishReason.Stop)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("TOOL_CALL", FinishReason.ToolCalls)]
    [InlineData("ERROR_TOXIC", FinishReason.ContentFilter)]
    [InlineData("ERROR_LIMIT", FinishReason.Length)]
    [InlineData("USER_CANCEL", FinishReason.Other)]
    public async Task Decode_FinishReason_IsReadAndKept(string word, FinishReason expected)
    {
        var events = await ReadAsync(Start, TextStart, Words("Hi"), ContentEnd, End($"\"finish_reason\":\"{word}\""));

        var completed = events[^1].Should().BeOfType<ResponseCompleted>().Which;
        (completed.FinishReason, completed.RawFinishReason).Should().Be((expected, word));
    }

    [Fact]
    public async Task Decode_Usage_ReadsEveryCountInEveryForm()
    {
        var events = await ReadAsync(Start, End(
            """
            "finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":8.0,"output_tokens":6,"search_units":1},"tokens":{"input_tokens":1661.0,"output_tokens":"19","image_tokens":259,"reasoning_tokens":7},"cached_tokens":1360,"tier":"x"}
            """));

        var usage = events.OfType<UsageUpdated>().Should().ContainSingle().Which.Usage;
        (usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens, usage.ReasoningTokens, usage.TotalTokens).Should().Be((1661, 19, 1360, 7, 1680));
        usage.AdditionalCounts.Should().Equal(new Dictionary<string, long>
        {
            ["billed_units.input_tokens"] = 8,
            ["billed_units.output_tokens"] = 6,
            ["billed_units.search_units"] = 1,
            ["tokens.image_tokens"] = 259,
        });
        events.OfType<ProviderMetadata>().Should().ContainSingle().Which.Name.Should().Be("delta.usage.tier");
    }

    [Fact]
    public async Task Decode_LogProbabilities_AreMetadataOfEachDelta()
    {
        var delta = Words("Hi").Replace("\"index\"", "\"logprobs\":{\"token_ids\":[1],\"text\":\"Hi\",\"logprobs\":[-0.5]},\"index\"", StringComparison.Ordinal);
        var events = await ReadAsync(Start, TextStart, delta, delta, ContentEnd, Stop);

        events.OfType<TextDelta>().Should().HaveCount(2);
        events.OfType<ProviderMetadata>().Should().HaveCount(2).And.OnlyContain(metadata => metadata.Name == "logprobs" && metadata.Index == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"type":"content-delta","delta":{"message":{"content":{"text":"Hi"}}}}""")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"message":{"content":"Hi"}}}""")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"message":{"content":[{"type":"text","text":"H"},{"text":"i"}]}}}""")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"content":{"text":"Hi"}}}""")]
    [InlineData("""{"type":"content-start","delta":{"message":{"content":{"text":"Hi"}}}}""")]
    [InlineData("""{"id":"m1","type":"message-start","delta":{"message":{"content":[{"type":"text","text":"Hi"}]}}}""")]
    public async Task Decode_ContentInAnotherForm_IsRead(string payload)
    {
        // Some servers leave out the starts, the indexes and the levels that say nothing new.
        var events = await ReadAsync(payload.Length == 0 ? [Start, Words("Hi"), Stop] : [payload, Stop]);

        WireRun.Fold(events).Blocks.Should().ContainSingle().Which.Text.Should().Be("Hi");
        events[0].Should().BeOfType<ResponseStarted>();
        events.OfType<ContentCompleted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Decode_StartWithAllKindsOfContent_GivesEach()
    {
        var events = await ReadAsync(
            """{"id":"m1","type":"message-start","delta":{"message":{"role":"assistant","tool_plan":"I look.","content":[{"type":"thinking","thinking":"Hm"},{"type":"text","text":"Hi"}],"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}],"citations":[]}}}""",
            Stop);

        WireRun.Fold(events).Blocks.Select(block => (block.Kind, block.Name, block.Text, block.IsCompleted)).Should().Equal(
            (ContentKind.Reasoning, null, "I look.", true), (ContentKind.Reasoning, null, "Hm", true), (ContentKind.Text, null, "Hi", true), (null, "f", "{}", true));
    }

    [Fact]
    public async Task Decode_MessageWithACall_EndsForTheCallWhateverItsWord()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, System.Text.Encoding.UTF8.GetBytes(Frames(Start, CallStart(), Input("{}"), CallEnd, Stop)));

        exception.Should().BeNull();
        events.OfType<ResponseCompleted>().Single().Should().BeEquivalentTo(new { FinishReason = FinishReason.ToolCalls, RawFinishReason = "COMPLETE" });
    }

    [Fact]
    [Trait("Law", "1")]
    public async Task Decode_ShapesThatAreLearned_GiveTheEventsOfThoseThatAreParsed()
    {
        var body = System.Text.Encoding.UTF8.GetBytes(Frames(
            Start, Plan("a"), Plan("b"), Plan("content-delta"), ThinkingStart, Thinking("c"), Thinking("\\u00e9\\ud83d"), Thinking("\\ude00"), ContentEnd,
            TextStart, Words("d"), Words("text"), Citation("""{"text":"d"}"""), Words("e"), Words(""), ContentEnd, CallStart(), Input("{"), Input("\\\"a\\\""), Input(":1}"), CallEnd, Stop));
        var options = new StreamReadOptions();

        var (learned, _) = await WireRun.ReadAsync(StreamProtocols.Cohere, body);
        var (parsed, exception) = await WireRun.ReadAsync(
            StreamProtocols.Cohere, new Streamline.Protocols.Cohere.CohereEventDecoder(options, requestId: null, predicts: false), body, options: options);

        exception.Should().BeNull();
        learned.ToLines().Should().Be(parsed.ToLines());
    }
}
