using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Anthropic;
using Streamline.Tests.Protocols.Bedrock;
using Streamline.Tests.Protocols.Gemini;
using Streamline.Tests.Protocols.Ollama;
using Streamline.Tests.Protocols.OpenAIChat;
using Streamline.Tests.Protocols.OpenAIResponses;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>A conversation that one provider began goes on with every other: what another cannot read is left out, and nothing throws.</summary>
public sealed class CrossWireTests
{
    private static readonly StreamProtocol[] Wires =
    [
        StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses, StreamProtocols.Gemini, StreamProtocols.Ollama,
        StreamProtocols.BedrockConverse, StreamProtocols.BedrockAnthropic,
    ];

    private static readonly ChatOptions WithTools = new() { Tools = [RequestBody.Weather] };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (from, to) in Wires.SelectMany(from => Wires.Select(to => (from, to))))
            {
                pairs.Add(from.Name, to.Name);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Write_ConversationOfAnotherWire_IsAValidBody(string source, string to)
    {
        var target = Wire(to);
        var samples = from events in EventsOf(source) from cut in Gen.Choose(0, 100) select (Events: events, Cut: cut);
        var property = Prop.ForAll(samples.ToArbitrary(), sample =>
        {
            // One in four responses breaks off somewhere.
            var events = sample.Cut < 25 ? sample.Events[..(1 + (sample.Cut * (sample.Events.Count - 1) / 25))] : sample.Events;
            var conversation = Conversation(events);
            var body = RequestBody.Write(target, conversation, WithTools);
            try
            {
                RequestShape.Check(target, body, isForeign: SameProvider(source) != SameProvider(to));
                RequestShape.CallsAndResults(target, body).Should().Equal(ExpectedCalls(target, conversation));
                RequestBody.Write(target, [.. conversation.Select(RequestBody.Store)], WithTools).ToJsonString().Should().Be(body.ToJsonString(), "storing a conversation changes nothing");
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{exception.Message}\nof the body {body.ToJsonString()}", exception);
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(120).WithEndSize(30).WithReplay(26, 5), property);
    }

    /// <summary>A gateway answers on one wire with what came over another: the text arrives, and no citation or event that only another wire's clients read.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void Encode_EventsOfAnotherWire_HoldTheTextAndNoWordsOfThatWire(string source, string to)
    {
        var target = Wire(to);
        var property = Prop.ForAll(EventsOf(source).ToArbitrary(), events =>
        {
            var (read, _) = WireRun.ReadAsync(target, WireRun.Encode(target, events)).GetAwaiter().GetResult();

            Said(read).Should().Be(Said(events));
            if (SameProvider(source) != SameProvider(to))
            {
                read.Where(streamEvent => streamEvent is ProviderEvent or CitationAdded).Should().BeEmpty();
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(20).WithReplay(7, 3), property);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    [InlineData("bedrock")]
    [InlineData("bedrock-anthropic")]
    public void Write_EveryOptionThatTheWireCarries_IsInItsFieldList(string name)
    {
        var options = new ChatOptions
        {
            Instructions = "Be brief.",
            MaxOutputTokens = 9,
            Temperature = 0.5f,
            TopP = 0.5f,
            TopK = name is "anthropic" or "gemini" or "ollama" or "bedrock-anthropic" ? 3 : null,
            Seed = name is "openai" or "gemini" or "ollama" ? 7 : null,
            FrequencyPenalty = name is "openai" or "gemini" or "ollama" ? 0.5f : null,
            PresencePenalty = name is "openai" or "gemini" or "ollama" ? 0.5f : null,
            StopSequences = name == "openai-responses" ? null : ["END"],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
            Tools = [RequestBody.Weather],
            ToolMode = name == "ollama" ? ChatToolMode.Auto : ChatToolMode.RequireAny,
            AllowMultipleToolCalls = true,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High, Output = name == "bedrock" ? null : ReasoningOutput.Summary },
        };

        RequestShape.Check(Wire(name), RequestBody.Write(Wire(name), [new ChatMessage(ChatRole.User, "q")], options), isForeign: true);
    }

    // Both carry Anthropic's Messages, so that a conversation is no stranger on either.
    private static string SameProvider(string wire) => wire == StreamProtocols.BedrockAnthropic.Name ? StreamProtocols.Anthropic.Name : wire;

    private static StreamProtocol Wire(string name) => Wires.Single(wire => wire.Name == name);

    private static Gen<List<StreamEvent>> EventsOf(string wire) => wire switch
    {
        "anthropic" or "bedrock-anthropic" => AnthropicEventGenerator.Response,
        "bedrock" => BedrockEventGenerator.Response,
        "openai" => from steps in OpenAIChatRoundTripTests.Steps.ListOf() from variant in Gen.Choose(0, 59) select OpenAIChatCanonicalSequence.Build([.. steps], variant),
        "openai-responses" => OpenAIResponsesEventGenerator.Response,
        "gemini" => GeminiEventGenerator.Response,
        _ => OllamaEventGenerator.Response,
    };

    private static string Said(List<StreamEvent> events) =>
        string.Concat(events.Select(streamEvent => streamEvent switch { TextDelta delta => delta.Text, RefusalDelta delta => delta.Text, _ => "" }));

    private static List<ChatMessage> Conversation(List<StreamEvent> events)
    {
        var answer = WireRun.Fold(events).ToChatMessage();
        var results = answer.Contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).Select((call, i) => (AIContent)((i % 3) switch
        {
            0 => new FunctionResultContent(call.CallId, "18 °C"),
            1 => new FunctionResultContent(call.CallId, JsonElement.Parse("""{"t":1.50}""")),
            _ => new FunctionResultContent(call.CallId, "no such city") { AdditionalProperties = new() { [ContentProperties.IsError] = true } },
        })).Reverse().ToList();
        return
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User, [new TextContent("Look."), new DataContent(new byte[] { 1 }, "image/png")]),
            answer,
            .. results.Count > 0 ? [new ChatMessage(ChatRole.Tool, results)] : Array.Empty<ChatMessage>(),
            new ChatMessage(ChatRole.User, "Go on."),
        ];
    }

    // Names that no provider accepts are mended.
    private static string NameOf(FunctionCallContent call)
    {
        var name = string.Concat(call.Name.Trim().Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '_'));
        return name.Length == 0 ? "tool" : char.IsAsciiLetter(name[0]) || name[0] == '_' ? name : "_" + name;
    }

    private static List<string> ExpectedCalls(StreamProtocol target, List<ChatMessage> conversation)
    {
        var calls = conversation.SelectMany(message => message.Contents.OfType<FunctionCallContent>()).Where(call => !call.InformationalOnly)
            .Select(call => target.Name == "gemini" ? NameOf(call) : call.CallId).ToList();

        // In whichever order the results of a round came, they are sent in the order of their calls.
        return [.. calls.Select(call => "?" + call), .. calls.Select(call => "!" + call)];
    }
}
