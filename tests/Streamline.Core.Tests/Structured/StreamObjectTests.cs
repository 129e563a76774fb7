using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Structured;

/// <summary>The request of a structured answer, its ends, and its faults.</summary>
public sealed class StreamObjectTests
{
    private const string Stop = """{"name":"Forum","hours":2.5,"city":"Rome"}""";

    [Fact]
    public async Task StreamObjectAsync_ResponseFormat_SendsAClosedSchema()
    {
        var client = new SynchronousClient(Answers.Text(Stop));
        var chat = new ChatOptions { ModelId = "m", Temperature = 0 };
        await client.StreamObjectAsync("Where?", TripContext.Default.Stop, new StructuredOutputOptions { Chat = chat, SchemaDescription = "A stop." }).LastAsync();
        var format = client.Request!.Options!.ResponseFormat.Should().BeOfType<ChatResponseFormatJson>().Subject;
        format.SchemaName.Should().Be("Stop");
        format.SchemaDescription.Should().Be("A stop.");
        format.Schema!.Value.GetRawText().Should().Be(
            """{"type":"object","properties":{"name":{"type":"string"},"hours":{"type":"number"},"city":{"type":"string"},"note":{"type":["string","null"]}},"required":["name","hours","city","note"],"additionalProperties":false}""");
        client.Request.Options.ModelId.Should().Be("m");
        client.Request.Options.AdditionalProperties.Should().Contain("strict", true);
        client.Request.Messages.Should().ContainSingle().Which.Text.Should().Be("Where?");
        (chat.ResponseFormat, chat.AdditionalProperties).Should().Be((null, null), "the options of the caller are copied");
    }

    [Fact]
    public async Task StreamObjectAsync_GuessedRepairs_PreferWhatFitsTheType()
    {
        const string Answer = """{"Name":"Forum","hours":"2.5","city":"Rome"}""";
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.Guess } };
        var last = await new SynchronousClient(Answers.Text(Answer)).StreamObjectAsync("?", TripContext.Default.Stop, options).LastAsync();
        (last.Value!.Name, last.Value.Hours).Should().Be(("Forum", 2.5));
        last.Repairs.Select(repair => repair.Kind).Should().Equal(PartialJsonRepairKind.RenamedProperty, PartialJsonRepairKind.ConvertedValue);
        options.Json.Schema.Should().BeNull("the options of the caller are copied");
    }

    [Fact]
    public async Task GetObjectAsync_Answer_IsTheWholeValueOrAFault()
    {
        var client = new SynchronousClient(Answers.Text(Stop));
        var options = new StructuredOutputOptions { SchemaName = "a_stop" };
        var stop = await client.GetObjectAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Where?")], TripContext.Default.Stop, options);
        stop.City.Should().Be("Rome");
        client.Request!.Messages.Should().HaveCount(2);
        client.Request.Options!.ResponseFormat.Should().BeOfType<ChatResponseFormatJson>().Which.SchemaName.Should().Be("a_stop");

        var cut = new SynchronousClient(Answers.Text(Stop[..20], reason: FinishReason.Length));
        var fault = (await cut.Invoking(c => c.GetObjectAsync("Where?", TripContext.Default.Stop)).Should().ThrowAsync<StructuredOutputException>()).Which;
        (fault.Error, (fault.PartialValue as Stop)?.Name).Should().Be((StructuredOutputError.Truncated, "Forum"));
    }

    [Theory]
    [InlineData("""[{"name":"Forum","hours":"2.5","city":"Rome"}]""")]
    [InlineData("""{"value":[{"name":"Forum","hours":"2.5","city":"Rome"}]}""")]
    [InlineData("""{"value":{"name":"Forum","hours":2.5,"city":"Rome"}}""")]
    public async Task StreamObjectAsync_GuessedRepairsOfAList_FitWithTheWrapperAndWithout(string answer)
    {
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.Guess } };
        var last = await new SynchronousClient(Answers.Text(answer)).StreamObjectAsync("?", TripContext.Default.ListStop, options).LastAsync();
        last.Value.Should().ContainSingle().Which.Hours.Should().Be(2.5);
    }

    [Fact]
    public async Task StreamObjectAsync_OpenType_DoesNotClaimToBeStrict()
    {
        var client = new SynchronousClient(Answers.Text("{}", reason: FinishReason.Refusal));
        await client.Invoking(c => c.StreamObjectAsync("?", TripContext.Default.Trip).LastAsync().AsTask()).Should().ThrowAsync<StructuredOutputException>();
        client.Request!.Options!.AdditionalProperties.Should().BeNull("dictionaries are open");
        var schema = ((ChatResponseFormatJson)client.Request.Options.ResponseFormat!).Schema!.Value;
        schema.GetProperty("properties").GetProperty("days").GetProperty("type").GetString().Should().Be("integer", "not also the string that the setting lets pass");
        schema.GetProperty("properties").GetProperty("pace").GetRawText().Should().Be("""{"type":"string","enum":["Unset","Slow","Brisk"]}""");
        schema.GetProperty("required").GetArrayLength().Should().BeLessThan(schema.GetProperty("properties").EnumerateObject().Count());
    }

    [Fact]
    public async Task StreamObjectAsync_PolymorphicType_IsWrappedInBranchesThatStandAlone()
    {
        var client = new SynchronousClient(Answers.Text("""{"value":{"kind":"train","company":"FS","line":"1"}}"""));
        await client.StreamObjectAsync("?", TripContext.Default.Transport).LastAsync();
        var schema = ((ChatResponseFormatJson)client.Request!.Options!.ResponseFormat!).Schema!.Value;
        schema.GetRawText().Should().Be(
            """{"type":"object","properties":{"value":{"anyOf":[{"properties":{"kind":{"const":"train"},"line":{"type":"string"},"company":{"type":"string"}},"required":["kind","line","company"],"type":"object","additionalProperties":false},{"properties":{"kind":{"const":7},"number":{"type":"integer"},"company":{"type":"string"}},"required":["kind","number","company"],"type":"object","additionalProperties":false}]}},"required":["value"],"additionalProperties":false}""");
    }

    [Fact]
    public async Task StreamItemsAsync_RecursiveType_ReferencesPointIntoTheWrapper()
    {
        var client = new SynchronousClient(Answers.Text("""{"items":[]}"""));
        await client.StreamItemsAsync("?", TripContext.Default.Tree).ToListAsync();
        var schema = ((ChatResponseFormatJson)client.Request!.Options!.ResponseFormat!).Schema!.Value;
        var root = JsonFeedOf(schema);
        var references = root.EnumerateChanges().Where(change => change.Kind == PartialJsonChangeKind.Completed && change.GetPath().EndsWith("/$ref", StringComparison.Ordinal)).ToList();
        references.Should().NotBeEmpty();
        references.Should().OnlyContain(reference => root.GetPointer(reference.Element.GetString()!.Substring(1)).ValueKind == JsonValueKind.Object);
    }

    [Theory]
    [InlineData(StructuredOutputMode.ToolCall, true)]
    [InlineData(StructuredOutputMode.Auto, false)]
    public async Task StreamObjectAsync_ToolCall_ReadsTheArguments(StructuredOutputMode mode, bool supportsResponseFormat)
    {
        var client = new SynchronousClient(Answers.Call("Stop", Stop))
        {
            Metadata = new StreamClientMetadata { Provider = "test", SupportsResponseFormat = supportsResponseFormat },
        };
        var wrapped = new StreamClientBuilder(client).UseTimeouts().Build();
        var partials = await wrapped.StreamObjectAsync("?", TripContext.Default.Stop, new StructuredOutputOptions { Mode = mode }).ToListAsync();
        partials[^1].Value.Should().Be(JsonSerializer.Deserialize(Stop, TripContext.Default.Stop));
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Name == "For");
        client.Request!.Options!.ResponseFormat.Should().BeNull();
        client.Request.Options.ToolMode.Should().Be(ChatToolMode.RequireSpecific("Stop"));
        client.Request.Options.AllowMultipleToolCalls.Should().BeFalse();
        client.Request.Options.Tools.Should().ContainSingle().Which.Should().BeAssignableTo<AIFunctionDeclaration>().Which.AdditionalProperties.Should().Contain("strict", true);
    }

    [Fact]
    public async Task StreamObjectAsync_AutoOverHttp_AsksEveryWireInItsOwnWay()
    {
        foreach (var (protocol, path) in new[] { (StreamProtocols.OpenAIChat, "/response_format/json_schema/schema/type"), (StreamProtocols.Anthropic, "/output_config/format/schema/type") })
        {
            var provider = new ScriptedProvider(ScriptedReply.Text(Stop));
            using var http = new HttpClient(provider.CreateHandler(protocol));
            var client = protocol.CreateClient(http, "none", "any");
            client.GetService(typeof(StreamClientMetadata)).Should().Be(new StreamClientMetadata { Provider = protocol.Name, DefaultModel = "any", SupportsOpenSchemas = protocol != StreamProtocols.Anthropic });
            var last = await client.StreamObjectAsync("?", TripContext.Default.Stop).LastAsync();
            last.Value!.City.Should().Be("Rome");
            var body = JsonFeedOf(provider.Exchanges[0].Request.Body);
            body.GetPointer(path).GetString().Should().Be("object");
            body.TryGetPointer("/response_format/json_schema/strict", out var strict).Should().Be(protocol == StreamProtocols.OpenAIChat);
            strict.ValueKind.Should().Be(protocol == StreamProtocols.OpenAIChat ? JsonValueKind.True : JsonValueKind.Undefined);
        }
    }

    [Fact]
    [Trait("Finding", "T1")]
    public async Task StreamObjectAsync_ToolCallOverHttp_WorksOnEveryProtocol()
    {
        foreach (var protocol in new[]
        {
            StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses, StreamProtocols.Gemini, StreamProtocols.Ollama, StreamProtocols.BedrockConverse,
        })
        {
            using var http = new HttpClient(new ScriptedProvider(ScriptedReply.ToolCall("Stop", Stop)).CreateHandler(protocol));
            var last = await protocol.CreateClient(http, "none", "any").StreamObjectAsync("?", TripContext.Default.Stop, new StructuredOutputOptions { Mode = StructuredOutputMode.ToolCall }).LastAsync();
            last.Value!.City.Should().Be("Rome", $"{protocol.Name} answers by a call");
        }
    }

    [Theory]
    [InlineData("""{"name":"Forum","hours":1,"city":"Ro""", "The answer ends before its JSON value is whole*")]
    [InlineData("""{"name":"Forum" "hours":1}""", "The answer is not JSON. The JSON text is malformed: MissingComma, which only PartialJsonRepairMode.Guess repairs, at byte 16.")]
    [InlineData("I'm sorry, I cannot help.", "The answer is text, expected JSON; it begins with \"I'm sorry, I cannot help.\".")]
    [InlineData("", "The answer is empty*")]
    public async Task GetObjectAsync_InvalidJson_TellsACutAnswerFromAMalformedOne(string text, string message)
    {
        var client = new SynchronousClient(Answers.Text(text, 5));

        await FluentActions.Awaiting(() => client.GetObjectAsync("?", TripContext.Default.Stop)).Should().ThrowAsync<StructuredOutputException>().WithMessage(message);
    }

    [Theory]
    [InlineData("""{"name":"Forum","hours":"x","city":"Rome"}""", "The answer is not a valid Stop: found the string \"x\". The JSON value could not be converted to *, at $.hours.")]
    [InlineData("""{"name":"Forum","hours":[1],"city":"Rome"}""", "*found an array.*, at $.hours.")]
    [InlineData("""{"name":{"a":1},"hours":1,"city":"Rome"}""", "*found an object.*, at $.name.")]
    [InlineData("[]", "*found an array.*, at $.")]
    [InlineData("null", "The answer is not a valid Stop: found null. A value is expected, at $.")]
    public async Task GetObjectAsync_InvalidValue_TellsWhatWasFound(string text, string message)
    {
        var client = new SynchronousClient(Answers.Text(text, 5));

        await FluentActions.Awaiting(() => client.GetObjectAsync("?", TripContext.Default.Stop)).Should().ThrowAsync<StructuredOutputException>().WithMessage(message);
    }

    [Theory]
    [InlineData("""{"name":"Forum","hours":"x","city":"Rome"}""", FinishReason.Stop, StructuredOutputError.InvalidValue, "$.hours")]
    [InlineData("""{"name":"Forum","hours":1}""", FinishReason.Stop, StructuredOutputError.InvalidValue, "$.city")]
    [InlineData("""{"hours":1,"city":"Rome"}""", FinishReason.Stop, StructuredOutputError.InvalidValue, "$.name")]
    [InlineData("""{"name":"Forum","city":"Rome"}""", FinishReason.Stop, StructuredOutputError.InvalidValue, "$.hours")]
    [InlineData("""{"name":null,"hours":1,"city":"Rome"}""", FinishReason.Stop, StructuredOutputError.InvalidValue, "$.name")]
    [InlineData("[]", FinishReason.Stop, StructuredOutputError.InvalidValue, "$")]
    [InlineData("null", FinishReason.Stop, StructuredOutputError.InvalidValue, "$")]
    [InlineData("""{"name":"Forum","hours":1,"city":"Ro""", FinishReason.Stop, StructuredOutputError.InvalidJson, null)]
    [InlineData("""{"name":"Forum" "hours":1""", FinishReason.Stop, StructuredOutputError.InvalidJson, null)]
    [InlineData("Sure, here it is", FinishReason.Stop, StructuredOutputError.InvalidJson, null)]
    [InlineData("", FinishReason.Stop, StructuredOutputError.InvalidJson, null)]
    [InlineData("""{"name":"Forum","hours":1,"city":"Ro""", FinishReason.Length, StructuredOutputError.Truncated, null)]
    [InlineData("""{"name":"Forum","hours":1,"city":"Ro""", FinishReason.ContentFilter, StructuredOutputError.Refused, null)]
    [InlineData(Stop, FinishReason.Refusal, StructuredOutputError.Refused, null)]
    public async Task StreamObjectAsync_AnswerIsNotTheValue_SaysWhyAndCarriesWhatThereWas(string text, FinishReason reason, StructuredOutputError error, string? path)
    {
        foreach (var size in new[] { 1, 1000 })
        {
            var client = new SynchronousClient(Answers.Text(text, size, reason));
            var partials = new List<Partial<Stop>>();
            var reading = async () =>
            {
                await foreach (var partial in client.StreamObjectAsync("?", TripContext.Default.Stop))
                {
                    partials.Add(partial);
                }
            };
            var exception = (await reading.Should().ThrowAsync<StructuredOutputException>()).Which;
            exception.Error.Should().Be(error);
            exception.Path.Should().Be(path);
            exception.PartialValue.Should().Be(partials.Count == 0 ? null : partials[^1].Value);
            (exception.PartialValue is Stop).Should().Be(text.StartsWith('{'));
            exception.Message.Should().NotContain("Forum", "messages have no payload");
        }
    }

    [Fact]
    public async Task StreamObjectAsync_RefusalInWords_IsOnTheException()
    {
        var client = new SynchronousClient([Answers.Started, new RefusalDelta { Index = 0, Text = "I will" }, new RefusalDelta { Index = 0, Text = " not." }, Answers.Completed()]);
        var exception = (await client.Invoking(c => c.StreamObjectAsync("?", TripContext.Default.Stop).LastAsync().AsTask()).Should().ThrowAsync<StructuredOutputException>()).Which;
        exception.Error.Should().Be(StructuredOutputError.Refused);
        exception.Refusal.Should().Be("I will not.");
        exception.PartialValue.Should().BeNull();
    }

    [Fact]
    public async Task StreamObjectAsync_ToolIsNotCalled_IsNoAnswer()
    {
        var client = new SynchronousClient(Answers.Text(Stop));
        var options = new StructuredOutputOptions { Mode = StructuredOutputMode.ToolCall, SchemaName = "answer" };
        await client.Invoking(c => c.StreamObjectAsync("?", TripContext.Default.Stop, options).LastAsync().AsTask())
            .Should().ThrowAsync<StructuredOutputException>().WithMessage("The model did not call the tool 'answer', whose arguments*");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task StreamObjectAsync_StreamWithoutItsEnd_IsInterrupted()
    {
        var client = new SynchronousClient(Answers.Text(Stop)[..^1]);
        await client.Invoking(c => c.StreamObjectAsync("?", TripContext.Default.Stop).LastAsync().AsTask()).Should().ThrowAsync<StreamInterruptedException>();
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamObjectAsync_Restarted_BeginsAnewAndSaysSo()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "it broke", Discarded = [0] };
        var client = new SynchronousClient([Answers.Started, .. Answers.Texts("""{"name":"Old""", 1), restarted, .. Answers.Text(Stop)]);
        var partials = await client.StreamObjectAsync("?", TripContext.Default.Stop).ToListAsync();
        partials.TakeWhile(partial => partial.Restarts == 0).Should().HaveCount("""{"name":"Old""".Length).And.Contain(partial => partial.Value != null && partial.Value.Name == "Old");
        var second = partials.SkipWhile(partial => partial.Restarts == 0).ToList();
        second.Should().OnlyContain(partial => partial.Restarts == 1).And.NotContain(partial => partial.Value != null && partial.Value.Name == "Old");
        second[^1].Value!.Name.Should().Be("Forum");
        partials[9].Value!.Name.Should().Be("O", "earlier snapshots keep what they showed");
    }

    [Fact]
    public async Task StreamObjectAsync_SeveralResponses_TheLastIsTheAnswer()
    {
        var client = new SynchronousClient([.. Answers.Text("Let me look.", 3, FinishReason.ToolCalls), .. Answers.Text(Stop)]);
        (await client.StreamObjectAsync("?", TripContext.Default.Stop).LastAsync()).Value!.Name.Should().Be("Forum");
    }

    [Fact]
    public async Task StreamObjectAsync_OtherChoices_AreLeftOut()
    {
        var client = new SynchronousClient(
        [
            Answers.Started,
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new ContentStarted { Index = 1, Kind = ContentKind.Text, Choice = 1 },
            .. Answers.Texts(Stop, 4).Zip(Answers.Texts(Stop.Replace('F', 'X'), 4, index: 1), (a, b) => new StreamEvent[] { a, b }).SelectMany(pair => pair),
            Answers.Completed(),
        ]);
        (await client.StreamObjectAsync("?", TripContext.Default.Stop).LastAsync()).Value!.Name.Should().Be("Forum");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamObjectAsync_LeftOrCancelled_LeavesNothingOpen()
    {
        var client = FakeStreamClient.Of(Answers.Text(Stop));
        await foreach (var _ in client.StreamObjectAsync("?", TripContext.Default.Stop))
        {
            break;
        }

        (client.Open, client.Finished).Should().Be((0, 1));

        using var cancellation = new CancellationTokenSource();
        var stalling = new StreamClientBuilder(new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall(Answers.Text(Stop)[..8], token))).UseTimeouts().Build();
        var reading = async () =>
        {
            await foreach (var _ in stalling.StreamObjectAsync("?", TripContext.Default.Stop).WithCancellation(cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        };
        (await reading.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Fact]
    public void StreamObjectAsync_Misuse_ThrowsAtOnce()
    {
        var client = FakeStreamClient.Of();
        client.Invoking(c => c.StreamObjectAsync((string)null!, TripContext.Default.Stop)).Should().Throw<ArgumentNullException>();
        client.Invoking(c => c.StreamObjectAsync("?", (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Stop>)null!)).Should().Throw<ArgumentNullException>();
        client.Invoking(c => c.StreamItemsAsync((IReadOnlyList<ChatMessage>)null!, TripContext.Default.Stop)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => ((IStreamClient)null!).StreamObjectAsync("?", TripContext.Default.Stop)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new StructuredOutputOptions { Mode = (StructuredOutputMode)3 }).Should().Throw<ArgumentOutOfRangeException>();
        client.Requests.Should().BeEmpty();
    }

    private static PartialJsonElement JsonFeedOf(JsonElement element) => Json.JsonFeed.Whole(element.GetRawText()).RootElement;
}
