using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>A predicted delta must be what parsing it gives, above all where it nearly fits.</summary>
public sealed class OpenAIChatPredictionTests
{
    private const string Learnt = """{"id":"c","choices":[{"index":0,"delta":{"content":"one"},"finish_reason":null}],"usage":null,"obfuscation":"ab"}""";
    private const string LearntCall = """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1"}}]}}]}""";
    private const string CallStart = """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"["}}]}}]}""";

    public static TheoryData<string[]> NearMatches => new()
    {
        { [Learnt, Learnt.Replace("one", "two"), Learnt.Replace("one", "")] },
        { [Learnt, Learnt.Replace("\"ab\"", "\"longer padding\""), Learnt.Replace("\"ab\"", "\"\"")] },
        { [Learnt, Learnt.Replace("\"ab\"", "\"a\\u0062\"")] },
        { [Learnt, Learnt.Replace("one", "\\\"},\\\"x\\\":{\\\"y\\\":\\\""), Learnt.Replace("one", "\\\\")] },
        { [Learnt, Learnt.Replace("one", "\\\\\\\""), Learnt.Replace("one", "\\u00e9\\n\\ud83d\\ude00")] },
        { [Learnt, Learnt.Replace("one", "\\ud83d"), Learnt.Replace("one", "\\ude00")] },
        { [Learnt, Learnt.Replace("one", "\\ud83d"), Learnt.Replace("one", "x")] },
        { [Learnt, Learnt.Replace("one", "a\",\"refusal\":\"b")] },
        { [Learnt, Learnt.Replace("\"one\"", "null"), Learnt.Replace("\"one\"", "[{\"type\":\"text\",\"text\":\"p\"}]")] },
        { [Learnt, Learnt.Replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":1}"), Learnt] },
        { [Learnt, Learnt.Replace("\"finish_reason\":null", "\"finish_reason\":\"stop\""), Learnt] },
        { [Learnt, Learnt.Replace("\"index\":0", "\"index\":1"), Learnt, Learnt] },
        { [Learnt, Learnt.Replace("\"content\"", "\"reasoning\""), Learnt, Learnt.Replace("\"content\"", "\"refusal\"")] },
        { [Learnt, "  " + Learnt + "  ", Learnt + " "] },
        { [Learnt, Learnt[..^1] + "   }", Learnt] },
        { [Learnt, "[DONE]"] },
        { [Learnt, Learnt[..^1]] },
        { [Learnt, Learnt + "}"] },
        { [Learnt, Learnt.Replace("one", "a\nb")] },
        { [Learnt, Learnt.Replace("one", "\\x")] },
        { [Learnt, Learnt.Replace("one", "\\u12")] },
        { [Learnt, Learnt.Replace("one", "\\")] },
        { [Learnt, """{"error":{"message":"x"}}"""] },
        { [CallStart, LearntCall, LearntCall.Replace("\"1\"", "\",2\""), LearntCall.Replace("\"1\"", "\"]\""), LearntCall.Replace("\"index\":0,\"f", "\"index\":1,\"f")] },
        { [CallStart, LearntCall, CallStart.Replace("\"k\"", "\"k2\"").Replace("\"f\"", "\"g\""), LearntCall] },
        { [CallStart, CallStart, CallStart.Replace("\"[\"", "\"1]\"")] },
        { [CallStart.Replace("\"id\":\"k\",\"function\"", "\"function\""), CallStart.Replace("\"index\":0,\"id\":\"k\",", ""), CallStart.Replace("\"index\":0,\"id\":\"k\",", "")] },
        { [CallStart.Replace("\"[\"", "\"\""), CallStart.Replace("\"id\":\"k\",", "").Replace("\"f\"", "\"g\""), CallStart.Replace("\"id\":\"k\",", "").Replace("\"f\"", "\"g\"")] },
        { [Pair("a", "a"), Pair("a", "b"), Pair("", "c"), Pair("", "d"), Pair("e", "d")] },
        { [Detail("a", "a"), Detail("", "a"), Detail("b", "a")] },
    };

    [Theory]
    [Trait("Law", "1")]
    [MemberData(nameof(NearMatches))]
    public void Decode_NearMatch_GivesWhatParsingGives(string[] payloads)
    {
        Run([.. payloads, "[DONE]"], predicts: true).Should().Be(Run([.. payloads, "[DONE]"], predicts: false));
    }

    [Fact]
    [Trait("Law", "1")]
    public void Decode_RandomEditsOfAStream_GiveWhatParsingGives()
    {
        var random = new Random(20260101);
        string[] edits = ["\"", "\\", "}", "{", "1", "\\u", "d83d", "\n", "é", ",", "null", "content", ""];
        for (var round = 0; round < 3000; round++)
        {
            var payloads = Enumerable.Range(0, 6).Select(_ =>
            {
                var payload = random.Next(3) == 0 ? LearntCall : Learnt;
                if (random.Next(2) == 0)
                {
                    var start = random.Next(payload.Length);
                    payload = payload[..start] + edits[random.Next(edits.Length)] + payload[Math.Min(payload.Length, start + random.Next(3))..];
                }

                return payload;
            }).Prepend(CallStart).ToArray();

            Run(payloads, predicts: true).Should().Be(Run(payloads, predicts: false), "the payloads were {0}", string.Join('\n', payloads));
        }
    }

    [Fact]
    public void Decode_DeltasOfOneForm_AreNotParsed()
    {
        var decoder = new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null);
        var payloads = Enumerable.Range(0, 2000).Select(i => Encoding.UTF8.GetBytes(Learnt.Replace("one", $"t{i % 10}").Replace("\"ab\"", $"\"{new string('p', i % 7)}\""))).ToArray();
        Feed(payloads[..1000]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Feed(payloads[1000..]);
        var perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        // The event and its text; a parsed payload would take several hundred bytes more.
        perEvent.Should().BeLessThan(100);

        void Feed(byte[][] frames)
        {
            foreach (var frame in frames)
            {
                decoder.Decode(default, frame, byteOffset: 0);
                while (decoder.TryTake(out _))
                {
                }
            }
        }
    }

    private static string Pair(string first, string second) => $$$"""{"id":"c","choices":[{"delta":{"reasoning_content":"{{{first}}}","reasoning":"{{{second}}}"}}]}""";

    private static string Detail(string first, string second) =>
        $$$"""{"id":"c","choices":[{"delta":{"reasoning":"{{{second}}}","reasoning_details":[{"type":"reasoning.text","text":"{{{first}}}"}]}}]}""";

    private static string Run(string[] payloads, bool predicts)
    {
        var decoder = new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts);
        var events = new List<StreamEvent>();
        var end = "";
        try
        {
            foreach (var payload in payloads)
            {
                decoder.Decode(default, Encoding.UTF8.GetBytes(payload), byteOffset: 100);
            }

            if (decoder.HasEndMark)
            {
                decoder.Complete(bytesReceived: 100, unrecognizedText: default);
            }
        }
        catch (StreamlineException exception)
        {
            end = exception.Message;
        }

        while (decoder.TryTake(out var streamEvent))
        {
            events.Add(streamEvent);
        }

        return $"{events.ToLines()}\n{end}";
    }
}
