using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Anthropic.AnthropicPayloads;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>A decoder that predicts says the same as one that parses every payload, of good payloads and of nearly good ones.</summary>
public class AnthropicPredictionTests
{
    private static readonly string[] Pieces =
        ["", "a", " word", @"\n", @"\""", @"\\", @"\ud83d", @"\ude00", @"\u00e9", "漢", "😀", @"\", @"\q", "\"", "\"}}", "\",\"text\":\"x", "\u0001", "\t", "}", "{"];

    private static readonly string[] Ends = ["}}", "}}", "}}", "} }", "}   }\n", "}}}", "}", "},\"index\":1}", ",\"x\":null}}", "}]"];

    [Fact]
    public void Decode_NearMatches_SaysWhatAParserSays()
    {
        var payload =
            from kind in Gen.Elements("text_delta\",\"text", "thinking_delta\",\"thinking", "input_json_delta\",\"partial_json", "text_delta\", \"text")
            from index in Gen.Elements(0, 0, 0, 1, 2)
            from text in Gen.Elements(Pieces).ListOf(2)
            from end in Gen.Elements(Ends)
            select $"{{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"type\":\"{kind}\":\"{string.Concat(text)}\"{end}";
        var property = Prop.ForAll(payload.ListOf(6).ToArbitrary(), payloads =>
        {
            // Blanks that change from payload to payload leave nothing to predict.
            var parsed = Run([.. payloads.Select((text, i) => new string(' ', 1 + (i % 2)) + text)]);
            Run([.. payloads]).Should().Be(parsed, "of {0}", string.Join('\n', payloads));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(77, 3), property);
    }

    private static string Run(string[] payloads)
    {
        var decoder = StreamProtocols.Anthropic.CreateDecoder(new StreamReadOptions(), requestId: null);
        string[] starts =
        [
            Start,
            TextStart,
            ToolStart.Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal),
            """{"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":""}}""",
        ];
        var events = new List<StreamEvent>();
        foreach (var payload in starts.Concat(payloads))
        {
            try
            {
                decoder.Decode([], Encoding.UTF8.GetBytes(payload), 0);
            }
            catch (StreamProtocolException exception)
            {
                return events.ToLines() + exception.Error;
            }

            while (decoder.TryTake(out var streamEvent))
            {
                events.Add(streamEvent);
            }
        }

        return events.ToLines();
    }
}
