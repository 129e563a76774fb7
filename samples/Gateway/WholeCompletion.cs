using System.Text;
using System.Text.Json.Nodes;

namespace GatewaySample;

/// <summary>Puts the chunks of Chat Completions together.</summary>
internal sealed class WholeCompletion : WholeAnswer
{
    private readonly JsonObject _completion = [];
    private readonly SortedDictionary<int, Choice> _choices = [];

    protected override void Add(JsonObject payload)
    {
        foreach (var choice in payload["choices"]!.AsArray())
        {
            var index = (int)choice!["index"]!;
            if (!_choices.TryGetValue(index, out var answer))
            {
                _choices.Add(index, answer = new Choice());
            }

            answer.Add(choice.AsObject());
        }

        payload.Remove("choices");
        Merge(_completion, payload);
    }

    protected override JsonObject Build()
    {
        _completion["object"] = "chat.completion";
        _completion["choices"] = new JsonArray([.. _choices.Select(choice => choice.Value.Build(choice.Key))]);
        return _completion;
    }

    private sealed class Choice
    {
        private readonly JsonObject _message = new() { ["role"] = "assistant", ["content"] = null, ["refusal"] = null };
        private readonly Dictionary<string, StringBuilder> _texts = new(StringComparer.Ordinal);
        private readonly SortedDictionary<int, (JsonObject Call, StringBuilder Arguments)> _calls = [];
        private JsonNode? _finishReason;

        public void Add(JsonObject choice)
        {
            _finishReason = choice["finish_reason"]?.DeepClone() ?? _finishReason;
            foreach (var (name, value) in choice["delta"]!.AsObject())
            {
                switch (name, value)
                {
                    case ("role", _):
                        break;
                    case ("tool_calls", JsonArray calls):
                        AddCalls(calls);
                        break;
                    case (_, JsonArray items):
                        AddItems(name, items);
                        break;
                    case (_, JsonValue text):
                        AddText(name, (string?)text);
                        break;
                }
            }
        }

        public JsonObject Build(int index)
        {
            foreach (var (name, text) in _texts.Where(text => text.Value.Length > 0))
            {
                _message[name] = text.ToString();
            }

            if (_calls.Count > 0)
            {
                _message["tool_calls"] = new JsonArray([.. _calls.Values.Select(Finish)]);
            }

            return new JsonObject { ["index"] = index, ["message"] = _message, ["logprobs"] = null, ["finish_reason"] = _finishReason };
        }

        private void AddText(string name, string? text)
        {
            if (!_texts.TryGetValue(name, out var whole))
            {
                _texts.Add(name, whole = new StringBuilder());
            }

            whole.Append(text);
        }

        private void AddItems(string name, JsonArray items)
        {
            if (_message[name] is not JsonArray all)
            {
                _message[name] = all = [];
            }

            foreach (var item in items)
            {
                all.Add(item?.DeepClone());
            }
        }

        private void AddCalls(JsonArray calls)
        {
            foreach (var piece in calls.OfType<JsonObject>())
            {
                var index = (int)piece["index"]!;
                var (member, text) = piece["custom"] is null ? ("function", "arguments") : ("custom", "input");
                if (!_calls.TryGetValue(index, out var open))
                {
                    var call = piece.DeepClone().AsObject();
                    call.Remove("index");
                    _calls.Add(index, open = (call, new StringBuilder()));
                }

                open.Arguments.Append((string?)piece[member]?[text]);
            }
        }

        private static JsonObject Finish((JsonObject Call, StringBuilder Arguments) open)
        {
            var (member, text) = open.Call["custom"] is null ? ("function", "arguments") : ("custom", "input");
            open.Call[member]![text] = open.Arguments.ToString();
            return open.Call;
        }
    }
}
