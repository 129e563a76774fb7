using static Streamline.Tests.Protocols.Cohere.CohereWire;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>Whole responses, each in the form in which the provider sends such ones.</summary>
internal static class CohereBodies
{
    public static IReadOnlyList<string> All { get; } =
    [
        Frames(Start, TextStart, Words("LL"), Words("Ms are"), Words(" models."), ContentEnd, Stop),
        Frames(Start, ThinkingStart, Thinking("Two and"), Thinking(" three."), ContentEnd, """{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}}""", Words("5", 1), """{"type":"content-end","index":1}""", Stop),
        Frames(Start, Plan("I will"), Plan(" ask."), CallStart(0, "weather_x1", "weather"), Input("""{\"city\":"""), Input(""" \"Oslo\"}"""), CallEnd, CallStart(1, "now_x2"), """{"type":"tool-call-end","index":1}""", End(""" "finish_reason":"TOOL_CALL","usage":{"billed_units":{"input_tokens":46,"output_tokens":14},"tokens":{"input_tokens":1445,"output_tokens":43},"cached_tokens":704} """)),
        Frames(
            Start, TextStart, Words("Emperor"), Words(" penguins."), Citation("""{"start":0,"end":7,"text":"Emperor","sources":[{"type":"document","id":"doc:0","document":{"id":"doc:0","title":"Tall penguins"}}],"type":"TEXT_CONTENT"}"""), """{"type":"citation-end","index":0}""",
            Citation("""{"start":8,"end":16,"text":"penguins","sources":[{"type":"tool","id":"look_1:0","tool_output":{"content":"penguins"}}],"type":"TEXT_CONTENT","content_index":0}""", 1), """{"type":"citation-end","index":1}""", ContentEnd, Stop),
        Frames(Start, ThinkingStart, Thinking("Hm"), ContentEnd, CallStart(0, "add_1", "add"), Input("""{\"x\":2}"""), CallEnd, End(""" "finish_reason":"TOOL_CALL" """)),
        Frames(Start, TextStart, Words("Cut"), ContentEnd, End(""" "finish_reason":"MAX_TOKENS","usage":{"tokens":{"input_tokens":3.0,"output_tokens":1.0}} """)),
        Frames(Start, Plan("I will"), End(""" "finish_reason":"ERROR","usage":{},"error":"no valid call","error_type":"INVALID_TOOL_GENERATION" """)),
        Frames(Start, """{"type":"debug","prompt":"<BOS>"}""", TextStart, Words("Hi").Replace("\"index\"", "\"logprobs\":{\"token_ids\":[7],\"text\":\"Hi\",\"logprobs\":[-0.1]},\"index\"", StringComparison.Ordinal), ContentEnd, Stop),
    ];
}
