using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>Makes conversations with tools, and damages them in the ways in which applications, models and broken connections do.</summary>
internal sealed class HistoryGenerator(int seed)
{
    private static readonly string[] Ids =
    [
        "call_0", "call_0", "call_1", "a", "toolu_01ABC", "functions.f:0", "", " ", "é", new string('x', 39) + "y", new string('x', 90), new string('x', 90) + "z", "call_0_2", "a b",
    ];

    private static readonly string[] Names =
    [
        "weather", "weather", "weather", " weather", "multi_tool_use.parallel", "f(x)", "", " ", "9lives", "näme", new string('n', 70), new string('n', 140), "functions.f:0",
    ];

    private static readonly string[] Blanks = ["", " ", "\n", " \t\r\n ", "\u00A0"];

    private readonly Random _random = new(seed);
    private int _tokens;

    /// <summary>Makes a conversation and damages it several times, or not at all.</summary>
    public List<ChatMessage> Create()
    {
        var messages = Make();
        for (var damages = _random.Next(7); damages > 0; damages--)
        {
            Damage(messages);
        }

        return messages;
    }

    private bool Maybe(double chance = 0.5) => _random.NextDouble() < chance;

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private string Token() => string.Create(CultureInfo.InvariantCulture, $"token{_tokens++}!");

    private List<ChatMessage> Make()
    {
        List<ChatMessage> messages = Maybe() ? [new(ChatRole.System, Token())] : [];
        for (var rounds = 1 + _random.Next(4); rounds > 0; rounds--)
        {
            messages.Add(new ChatMessage(ChatRole.User, Maybe(0.8) ? [new TextContent(Token())] : [new TextContent(Token()), new DataContent(new byte[] { 1 }, "image/png")]));
            var calls = Enumerable.Range(0, _random.Next(4)).Select(_ => Call()).ToList();
            messages.Add(new ChatMessage(ChatRole.Assistant, [.. Said(), .. calls]));
            if (calls.Count > 0)
            {
                List<AIContent> results = [.. calls.Select(Result)];
                messages.AddRange(Maybe() ? [new ChatMessage(ChatRole.Tool, results)] : results.Select(result => new ChatMessage(ChatRole.Tool, [result])));
                messages.AddRange(Maybe(0.7) ? [new ChatMessage(ChatRole.Assistant, [.. Said()])] : []);
            }
        }

        if (Maybe(0.8))
        {
            messages.Add(new ChatMessage(ChatRole.User, Token()));
        }

        return messages;
    }

    private FunctionCallContent Call()
    {
        var call = new FunctionCallContent(Pick(Ids), Pick(Names), new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = _random.Next(3) })
        {
            InformationalOnly = Maybe(0.1),
        };
        return _random.Next(6) switch
        {
            0 => Raw(call, "gemini", $$"""{"functionCall":{"id":{{JsonSerializer.Serialize(call.CallId)}},"name":{{JsonSerializer.Serialize(call.Name)}}},"thoughtSignature":"c2ln"}"""),
            1 => Raw(call, "openai-responses", $$"""{"id":"fc_{{_random.Next(3)}}","type":"function_call","call_id":{{JsonSerializer.Serialize(call.CallId)}},"name":{{JsonSerializer.Serialize(call.Name)}}}"""),
            2 => Raw(call, "anthropic", $$$"""{"type":"tool_use","id":{{{JsonSerializer.Serialize(call.CallId)}}},"name":{{{JsonSerializer.Serialize(call.Name)}}},"caller":{"type":"direct"}}"""),
            _ => call,
        };
    }

    private FunctionResultContent Result(FunctionCallContent call) => new(call.CallId, _random.Next(5) switch
    {
        0 => "",
        1 => Pick(Blanks),
        2 => new List<AIContent> { new TextContent(Pick(Blanks)), new TextContent("seen"), new DataContent(new byte[] { 1 }, "image/png") },
        3 => JsonElement.Parse("""{"t":1}"""),
        _ => "result",
    });

    private IEnumerable<AIContent> Said()
    {
        var id = Pick(["srv_1", "srv_2", "srv_3"]);
        switch (_random.Next(8))
        {
            case 0:
                yield return Raw(new TextReasoningContent("hm") { ProtectedData = "c2ln" }, "anthropic", """{"type":"thinking"}""");
                break;
            case 1:
                yield return Raw(new TextReasoningContent("hm"), "openai-responses", $$"""{"id":"rs_{{_random.Next(4)}}","type":"reasoning"}""");
                break;
            case 2:
                yield return Raw(new ToolCallContent(id), "anthropic", $$$"""{"type":"server_tool_use","id":"{{{id}}}","name":"web_search","input":{}}""");
                yield return Raw(new AIContent(), "anthropic", $$"""{"type":"web_search_tool_result","tool_use_id":"{{id}}","content":[]}""");
                break;
            case 3:
                yield return Raw(new ToolCallContent(id), "bedrock", $$$"""{"toolUse":{"toolUseId":"{{{id}}}","name":"nova_code","type":"server_tool_use"}}""");
                yield return Raw(new AIContent(), "bedrock", $$$"""{"toolResult":{"toolUseId":"{{{id}}}","content":[{"text":"x"}]}}""");
                break;
            case 4:
                yield return Raw(new AIContent(), "openai-responses", $$$"""{"id":"cu_{{{_random.Next(4)}}}","type":"computer_call","call_id":"{{{id}}}","action":{}}""");
                break;
            case 5:
                yield return Raw(new AIContent(), "openai-responses", $$"""{"id":"ws_{{_random.Next(4)}}","type":"web_search_call","status":"completed"}""");
                break;
            case 6:
                yield return new TextContent(Pick(Blanks));
                break;
            default:
                break;
        }

        if (Maybe(0.8))
        {
            yield return new TextContent(Token() + Pick(Blanks));
        }
    }

    private static T Raw<T>(T content, string protocol, string block)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(protocol)] = JsonElement.Parse(block);
        return content;
    }

    private void Damage(List<ChatMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        var index = _random.Next(messages.Count);
        var message = messages[index];
        switch (_random.Next(13))
        {
            case 0:
                messages.RemoveAt(index);
                break;
            case 1:
                messages.RemoveRange(0, index); // a window of the history
                break;
            case 2:
                messages.RemoveRange(index, messages.Count - index); // an answer that broke off
                break;
            case 3:
                messages.Insert(_random.Next(messages.Count + 1), message.Clone());
                break;
            case 4:
                var other = _random.Next(messages.Count);
                (messages[index], messages[other]) = (messages[other], messages[index]);
                break;
            case 5:
                Edit(contents => contents.RemoveAt(_random.Next(contents.Count)));
                break;
            case 6:
                Edit(contents => contents.Insert(_random.Next(contents.Count + 1), Pick(contents)));
                break;
            case 7:
                Edit(contents => contents.Reverse());
                break;
            case 8:
                Edit(contents => contents.Insert(_random.Next(contents.Count + 1), new TextContent(Pick(Blanks))));
                break;
            case 9:
                messages[index] = message.Clone();

                // That an assistant cannot send images is for the writers to say.
                messages[index].Role = message.Contents.Any(content => content is DataContent) ? ChatRole.Tool : Pick([ChatRole.User, ChatRole.Assistant, ChatRole.Tool]);
                break;
            case 10:
                Edit(contents => Rename(contents));
                break;
            case 11:
                messages.Insert(index, new ChatMessage(Pick([ChatRole.User, ChatRole.Assistant]), Maybe() ? [] : [new TextContent(Pick(Blanks))]));
                break;
            default:
                Edit(contents => contents.RemoveRange(_random.Next(contents.Count), 1));
                messages.Insert(_random.Next(messages.Count + 1), new ChatMessage(ChatRole.Assistant, [Call()]));
                break;
        }

        void Edit(Action<List<AIContent>> edit)
        {
            if (message.Contents.Count > 0 && messages.IndexOf(message) is >= 0 and var at)
            {
                List<AIContent> contents = [.. message.Contents];
                edit(contents);
                messages[at] = message = message.Clone();
                message.Contents = contents;
            }
        }
    }

    private void Rename(List<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            contents[i] = contents[i] switch
            {
                FunctionCallContent call => new FunctionCallContent(Pick(Ids), Pick(Names), call.Arguments) { AdditionalProperties = call.AdditionalProperties },
                FunctionResultContent result => new FunctionResultContent(Pick(Ids), result.Result),
                var content => content,
            };
        }
    }
}
