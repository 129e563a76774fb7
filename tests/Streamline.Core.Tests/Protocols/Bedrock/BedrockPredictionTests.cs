using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Bedrock;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>A decoder that predicts says the same as one that parses every payload, of good payloads and of nearly good ones.</summary>
public class BedrockPredictionTests
{
    private static readonly string[] Pieces =
        ["", "a", " word", @"\n", @"\""", @"\\", @"\ud83d", @"\ude00", @"\u00e9", "漢", "😀", @"\", @"\q", "\"", "\"}}", "\",\"text\":\"x", "\u0001", "\t", "}", "{"];

    private static readonly string[] Ends =
        ["}}", "}}", "},\"p\":\"abc\"}", "},\"p\":\"abcdefg\"}", "},\"p\":\"a\\\"b\"}", "},\"p\":7}", "} }", "}   }\n", "}}}", "}", "},\"contentBlockIndex\":1}", ",\"x\":null}}", "}]"];

    [Fact]
    public void Decode_NearMatches_SaysWhatAParserSays()
    {
        var payload =
            from kind in Gen.Elements("text\":\"", "text\": \"", "reasoningContent\":{\"text\":\"", "toolUse\":{\"input\":\"")
            from index in Gen.Elements(0, 0, 0, 1, 2)
            from text in Gen.Elements(Pieces).ListOf(2)
            from end in Gen.Elements(Ends)
            let close = kind.Contains('{', StringComparison.Ordinal) ? "}" : ""
            select $"{{\"contentBlockIndex\":{index},\"delta\":{{\"{kind}{string.Concat(text)}\"{close}{end}";
        var property = Prop.ForAll(payload.ListOf(6).ToArbitrary(), payloads =>
        {
            Run(payloads, predicts: true).Should().Be(Run(payloads, predicts: false), "of {0}", string.Join('\n', payloads));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(77, 3), property);
    }

    private static string Run(IEnumerable<string> payloads, bool predicts)
    {
        var decoder = new BedrockEventDecoder(new StreamReadOptions(), requestId: null, predicts);
        decoder.Decode("contentBlockStart"u8, """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"f"}}}"""u8, 0);
        decoder.Decode("contentBlockDelta"u8, """{"contentBlockIndex":2,"delta":{"reasoningContent":{"text":"so"}}}"""u8, 0);
        var events = new List<StreamEvent>();
        foreach (var payload in payloads)
        {
            try
            {
                decoder.Decode("contentBlockDelta"u8, Encoding.UTF8.GetBytes(payload), 0);
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
