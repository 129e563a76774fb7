using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIResponses;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>A predicted delta must be what parsing it gives, above all where it nearly fits.</summary>
public sealed class OpenAIResponsesPredictionTests
{
    private const string Learnt = """{"type":"response.output_text.delta","sequence_number":9,"item_id":"m","output_index":0,"content_index":0,"delta":"one","logprobs":[],"obfuscation":"ab"}""";
    private const string Call = """{"type":"response.output_item.added","output_index":1,"item":{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":""}}""";
    private const string Input = """{"type":"response.function_call_arguments.delta","sequence_number":10,"item_id":"fc","output_index":1,"delta":"1"}""";
    private const string TextDone = """{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"onetwo"}""";

    public static TheoryData<string[]> NearMatches => new()
    {
        { [Learnt, Learnt.Replace("one", "two"), Learnt.Replace("one", "")] },
        { [Learnt, Learnt.Replace(":9,", ":10,"), Learnt.Replace(":9,", ":999999999999999999,"), Learnt.Replace(":9,", ":9999999999999999999,")] },
        { [Learnt, Learnt.Replace(":9,", ":09,")] },
        { [Learnt, Learnt.Replace(":9,", ":-9,"), Learnt.Replace(":9,", ":9.5,"), Learnt.Replace(":9,", ":9e3,"), Learnt.Replace(":9,", ":null,"), Learnt.Replace(":9,", ":\"9\",")] },
        { [Learnt, Learnt.Replace(":9,", ":,")] },
        { [Learnt, Learnt.Replace("\"sequence_number\":9,", ""), Learnt] },
        { [Learnt, Learnt.Replace("\"m\"", "\"other\""), Learnt.Replace("\"m\"", "\"\\u006d\""), Learnt.Replace("\"m\"", "null")] },
        { [Learnt, Learnt.Replace("\"ab\"", "\"longer padding\""), Learnt.Replace("\"ab\"", "\"\""), Learnt.Replace("\"ab\"", "\"\\n\"")] },
        { [Learnt, Learnt.Replace("\"logprobs\":[]", "\"logprobs\":[{\"token\":\"x\"}]"), Learnt] },
        { [Learnt, Learnt.Replace("\"output_index\":0", "\"output_index\":1"), Learnt] },
        { [Learnt, Learnt.Replace("\"content_index\":0", "\"content_index\":1"), Learnt] },
        { [Learnt, Learnt.Replace("output_text", "refusal"), Learnt] },
        { [Learnt, Learnt.Replace("output_text", "reasoning_text"), Learnt.Replace("output_text", "novel")] },
        { [Learnt, TextDone, Learnt, Learnt] },
        { [Learnt, Learnt.Replace("one", "\\ud83d"), Learnt.Replace("one", "\\ude00"), Learnt.Replace("one", "\\ud83d"), Learnt.Replace("one", "x")] },
        { [Learnt, Learnt.Replace("one", "a\",\"delta\":\"b")] },
        { [Learnt, Learnt.Replace("\"one\"", "null"), Learnt.Replace("\"one\"", "{}")] },
        { [Learnt, "  " + Learnt + "  ", Learnt[..^1] + "  }"] },
        { [Learnt, Learnt[..^1]] },
        { [Learnt, Learnt + "}"] },
        { [Learnt, Learnt.Replace("one", "a\nb")] },
        { [Learnt, Learnt.Replace("one", "\\x")] },
        { [Learnt, "[DONE]", Learnt] },
        { [Call, Input, Input.Replace(":10,", ":11,"), Input.Replace("\"1\"", "\"]\"")] },
        { [Call, Input, """{"type":"response.function_call_arguments.done","output_index":1,"arguments":"11"}""", Input] },
        { ["""{"type":"response.output_text.delta","delta":"x","output_index":0,"sequence_number":1}""", """{"type":"response.output_text.delta","delta":"y","output_index":0,"sequence_number":2 }""", """{"type":"response.output_text.delta","delta":"z","output_index":0,"sequence_number":3,"x":1}"""] },
    };

    [Theory]
    [Trait("Law", "1")]
    [MemberData(nameof(NearMatches))]
    public void Decode_NearMatch_GivesWhatParsingGives(string[] payloads) =>
        Run([.. payloads, OpenAIResponsesWire.Completed], predicts: true).Should().Be(Run([.. payloads, OpenAIResponsesWire.Completed], predicts: false));

    [Fact]
    [Trait("Law", "1")]
    public void Decode_RandomEditsOfAStream_GiveWhatParsingGives()
    {
        var random = new Random(20260102);
        string[] edits = ["\"", "\\", "}", "{", "1", "0", "-", ".", "\\u", "d83d", "\n", "é", ",", "null", "delta", ""];
        for (var round = 0; round < 3000; round++)
        {
            var payloads = Enumerable.Range(0, 6).Select(number =>
            {
                var payload = (random.Next(3) == 0 ? Input : Learnt).Replace(":9,", $":{number},");
                if (random.Next(2) == 0)
                {
                    var start = random.Next(payload.Length);
                    payload = payload[..start] + edits[random.Next(edits.Length)] + payload[Math.Min(payload.Length, start + random.Next(3))..];
                }

                return payload;
            }).Prepend(Call).ToArray();

            Run(payloads, predicts: true).Should().Be(Run(payloads, predicts: false), "the payloads were {0}", string.Join('\n', payloads));
        }
    }

    [Fact]
    public void Decode_DeltasOfOneForm_AreNotParsed()
    {
        var decoder = new OpenAIResponsesEventDecoder(new StreamReadOptions(), requestId: null);
        var payloads = Enumerable.Range(0, 2000)
            .Select(i => Encoding.UTF8.GetBytes(Learnt.Replace(":9,", $":{i},").Replace("one", $"t{i % 10}").Replace("\"ab\"", $"\"{new string('p', i % 7)}\""))).ToArray();
        Feed(payloads[..1000]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Feed(payloads[1000..]);
        var perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        // The event and its text; a parsed payload would take several hundred bytes more.
        perEvent.Should().BeLessThan(100);
        decoder.SequenceNumber.Should().Be(1999);

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

    private static string Run(string[] payloads, bool predicts)
    {
        var decoder = new OpenAIResponsesEventDecoder(new StreamReadOptions(), requestId: null, predicts: predicts);
        var events = new List<StreamEvent>();
        var end = "";
        try
        {
            foreach (var payload in payloads)
            {
                decoder.Decode(default, Encoding.UTF8.GetBytes(payload), byteOffset: 100);
                end = $"{decoder.SequenceNumber}";
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
