using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Hostile;
using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>Every recording, decoded, encoded and decoded again: the messages and the counts are the same, and no member of a payload is lost.</summary>
public sealed class RoundTripTests(ITestOutputHelper output)
{
    /// <summary>Members that the encoders do not write back, with all that is in them, and why.</summary>
    private static readonly Dictionary<string, string[]> NotWritten = new(StringComparer.Ordinal)
    {
        // An index of 0 goes without saying.
        ["gemini"] = ["candidates.index"],
        ["gemini-array"] = ["candidates.index"],

        // Padding that hides the length of the text.
        ["bedrock"] = ["p"],

        ["openai"] =
        [
            // Padding that hides the length of the text.
            "obfuscation",

            // The number of the token, and the text once more, in chunks of Hugging Face's server.
            "choices.delta.token_id", "choices.text",

            // An object without log probabilities in it.
            "choices.logprobs",

            // Is written under OpenAI's own name, prompt_tokens_details.cached_tokens.
            "usage.cached_tokens",
        ],
        ["openai-responses"] =
        [
            // Padding that hides the length of the text.
            "obfuscation",

            // Log probabilities are written with the text that they belong to, and not repeated at its end.
            "item.content.logprobs", "response.output.content.logprobs",

            // The response repeats its request, which no event holds.
            "response.background", "response.frequency_penalty", "response.instructions", "response.presence_penalty", "response.prompt_cache_retention", "response.reasoning",
            "response.store", "response.temperature", "response.text", "response.tools", "response.top_logprobs", "response.top_p", "response.truncation",

            // When it was completed, no event says.
            "response.completed_at",
        ],
    };

    // The corpora have recordings of these; the encoders of the others are held to their decoders by generated responses.
    public static TheoryData<string> Protocols => [.. HostileProtocols.All.Keys.Except(["bedrock-anthropic", "cohere", "gemini-interactions"], StringComparer.Ordinal)];

    [CorpusTheory(Recordings.Pydantic)]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "11")]
    public async Task Encode_Recordings_KeepMessagesUsageAndMembers(string name)
    {
        var protocol = HostileProtocols.All[name];
        var recordings = Recordings.All().Where(recording => recording.Protocol == protocol).ToList();
        recordings.Should().NotBeEmpty();
        var lost = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var recording in recordings)
        {
            var (events, exception) = await WireRun.ReadAsync(protocol, recording.Body);
            if (exception is not null)
            {
                continue;
            }

            var body = WireRun.Encode(protocol, events);
            var (again, failure) = await WireRun.ReadAsync(protocol, body);

            failure.Should().BeNull("of {0}", recording.File);
            JsonElement.DeepEquals(Message(again), Message(events)).Should().BeTrue("{0} became\n{1}\nand was\n{2}", recording.File, Message(again), Message(events));
            var written = await NamesAsync(protocol, body);
            foreach (var member in (await NamesAsync(protocol, recording.Body)).Where(member => !written.Contains(member) && !IsExpected(name, member)))
            {
                lost.TryAdd(member, recording.File);
            }
        }

        foreach (var (member, recording) in lost)
        {
            output.WriteLine($"{member} ({recording})");
        }

        lost.Keys.Should().BeEmpty();
    }

    private static bool IsExpected(string protocol, string member) =>
        NotWritten.GetValueOrDefault(protocol, []).Any(name => member == name || member.StartsWith(name + ".", StringComparison.Ordinal));

    private static JsonElement Message(IEnumerable<StreamEvent> events)
    {
        var response = WireRun.Fold(events).ToChatResponse();
        return JsonSerializer.SerializeToElement(response, AIJsonUtilities.DefaultOptions);
    }

    /// <summary>The paths of all members in the payloads of a body, without the positions in lists.</summary>
    private static async Task<HashSet<string>> NamesAsync(StreamProtocol protocol, byte[] body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var frame in (await HostileBody.ParseAsync(protocol, body)).Frames.Where(frame => frame.Data is ['{', ..]))
        {
            AddNames(JsonElement.Parse(frame.Data), "", names);
        }

        return names;
    }

    // Members without a value say nothing.
    private static void AddNames(JsonElement value, string path, HashSet<string> names)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Where(member => !IsEmpty(member.Value)))
                {
                    var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                    names.Add(name);
                    AddNames(member.Value, name, names);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    AddNames(item, path, names);
                }

                break;
            default:
                break;
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
