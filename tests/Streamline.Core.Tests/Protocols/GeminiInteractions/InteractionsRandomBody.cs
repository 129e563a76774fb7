using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Makes valid bodies of requests, random by their seed.</summary>
internal sealed class InteractionsRandomBody(int seed)
{
    private readonly Random _random = new(seed);
    private int _calls;

    public JsonObject Create()
    {
        var body = new JsonObject { ["model"] = "gemini-3.5-flash", ["stream"] = true };
        var input = new JsonArray();
        for (var turn = _random.Next(1, 4); turn > 0; turn--)
        {
            input.Add(new JsonObject { ["type"] = "user_input", ["content"] = Contents() });
            AddAnswer(input);
        }

        input.Add(new JsonObject { ["type"] = "user_input", ["content"] = Contents() });
        body["input"] = input;
        Maybe(() => body["system_instruction"] = "Be brief.");
        Maybe(() => body["previous_interaction_id"] = "v1_b");
        Maybe(() => body["background"] = true);
        Maybe(() => body["store"] = false);
        Maybe(() => body["response_format"] = Parse("""{"type":"text","mime_type":"application/json","schema":{"type":"object","properties":{"a":{"type":"string"}}}}"""));
        Maybe(() => body["generation_config"] = Parse("""{"temperature":0.5,"top_p":0.25,"max_output_tokens":9,"seed":7,"stop_sequences":["END"],"thinking_level":"low","thinking_summaries":"auto","tool_choice":"any"}"""));
        body["tools"] = Parse("""[{"type":"function","name":"f","description":"F.","parameters":{"type":"object","properties":{"x":{"type":"number"}}}},{"type":"google_search"},{"type":"url_context"}]""");
        return body;
    }

    private void AddAnswer(JsonArray input)
    {
        Maybe(() => input.Add(Parse("""{"type":"thought","signature":"c2ln","summary":[{"type":"text","text":"Hm"}]}""")));
        Maybe(() =>
        {
            input.Add(Parse($$$"""{"type":"google_search_call","id":"s{{{_calls}}}","signature":"s","arguments":{"queries":["x"]}}"""));
            input.Add(Parse($$$"""{"type":"google_search_result","call_id":"s{{{_calls++}}}","signature":"s","result":[]}"""));
        });
        input.Add(Parse("""{"type":"model_output","content":[{"type":"text","text":"Hi","annotations":[{"type":"url_citation","url":"https://e.org/","start_index":0,"end_index":2}]}]}"""));
        var calls = Enumerable.Range(0, _random.Next(3)).Select(_ => $"c{_calls++}").ToList();
        calls.ForEach(id => input.Add(Parse($$$"""{"type":"function_call","id":"{{{id}}}","name":"f","arguments":{"x":1.50}{{{(_random.Next(2) == 0 ? ",\"signature\":\"c2ln\"" : "")}}}}""")));
        calls.ForEach(id => input.Add(Parse(_random.Next(2) == 0
            ? $$$"""{"type":"function_result","call_id":"{{{id}}}","name":"f","result":"ok"}"""
            : $$$"""{"type":"function_result","call_id":"{{{id}}}","name":"f","is_error":true,"result":[{"type":"text","text":"é"},{"type":"image","mime_type":"image/png","data":"AQ=="}]}""")));
    }

    private JsonArray Contents() => _random.Next(3) switch
    {
        0 => [Parse("""{"type":"text","text":"q"}""")],
        1 => [Parse("""{"type":"text","text":"Look:"}"""), Parse("""{"type":"image","mime_type":"image/png","data":"AQ=="}""")],
        _ => [Parse("""{"type":"document","uri":"https://e.org/f.pdf","mime_type":"application/pdf"}"""), Parse("""{"type":"text","text":"é\n"}""")],
    };

    private void Maybe(Action add)
    {
        if (_random.Next(2) == 0)
        {
            add();
        }
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
