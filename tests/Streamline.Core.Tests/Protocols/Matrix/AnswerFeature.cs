using System.Text;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Bedrock;
using Streamline.Tests.Protocols.Cohere;
using Streamline.Tests.Protocols.GeminiInteractions;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>A feature of answers: samples of what a wire sends, and what is heard in them.</summary>
/// <param name="name">The name of the row.</param>
/// <param name="claim">What an answer shows of the feature; <see langword="null"/> for nothing.</param>
/// <param name="samples">By wire, the forms that it has and the payloads of an answer in each, without its beginning and its end.</param>
internal sealed class AnswerFeature(string name, Func<HeardAnswer, string?> claim, Dictionary<string, (string Form, string[] Payloads)[]> samples) : ProviderFeature(name)
{
    public override async Task<string> ObserveAsync(string wire)
    {
        if (samples.TryGetValue(wire, out var own))
        {
            var observed = new List<(string, string)>();
            foreach (var (form, payloads) in own)
            {
                observed.Add((claim(await HearAsync(Protocol(wire), Body(wire, payloads))) ?? Nothing, form));
            }

            return Describe(observed);
        }

        // A wire that has no form of it: told by another in whatever form, it does not come through.
        foreach (var (source, payloads) in samples.SelectMany(of => of.Value.Select(sample => (of.Key, sample.Payloads))))
        {
            var (events, failure) = await WireRun.ReadAsync(Protocol(source), Body(source, payloads));
            failure.Should().BeNull();
            if (claim(await HearAsync(Protocol(wire), WireRun.Encode(Protocol(wire), events))) is { } heard)
            {
                return $"{heard} (from {source})";
            }
        }

        return Nothing;
    }

    private static async Task<HeardAnswer> HearAsync(StreamProtocol protocol, byte[] body)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(protocol, body);
        return new HeardAnswer(protocol, events, exception);
    }

    private static byte[] Body(string wire, string[] payloads) => wire switch
    {
        "anthropic" => Sse(
            """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}""",
            payloads, """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", """{"type":"message_stop"}"""),
        "openai" => Sse("""{"id":"c","choices":[{"index":0,"delta":{"role":"assistant"}}]}""", payloads, """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]"),
        "openai-responses" => Sse("""{"type":"response.created","response":{"id":"r","status":"in_progress"}}""", payloads, """{"type":"response.completed","response":{"id":"r","status":"completed"}}"""),
        "cohere" => Sse(CohereWire.Start, payloads, CohereWire.Stop, "[DONE]"),
        "gemini" => Sse("""{"responseId":"r"}""", payloads, """{"candidates":[{"finishReason":"STOP"}]}"""),
        "gemini-interactions" => Sse(InteractionsEvents.Created, payloads, InteractionsEvents.Completed),
        "ollama" => Encoding.UTF8.GetBytes(string.Concat([.. payloads.Select(payload => payload + "\n"), """{"model":"q","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""", "\n"])),
        _ => [.. BedrockWire.Start, .. payloads.SelectMany(Message), .. payloads.Any(payload => payload.StartsWith("messageStop", StringComparison.Ordinal)) ? [] : BedrockWire.Stop],
    };

    // A sample that ends the answer itself takes the place of the usual word about it.
    private static byte[] Sse(string start, string[] payloads, params string[] end)
    {
        string[] words = ["stop_reason", "finish_reason", "finishReason", "response.incomplete", "interaction.completed"];
        var isEnded = payloads.Any(payload => words.Any(word => payload.Contains(word, StringComparison.Ordinal)));
        IEnumerable<string> all = [start, .. payloads, .. isEnded ? end.Skip(1) : end];
        return Encoding.UTF8.GetBytes(string.Concat(all.Select(payload => $"data: {payload}\n\n")));
    }

    private static byte[] Message(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        var (type, json) = (payload[..space], payload[(space + 1)..]);
        return type.EndsWith("Exception", StringComparison.Ordinal) ? BedrockWire.Exception(type, json) : BedrockWire.Event(type, json);
    }
}
