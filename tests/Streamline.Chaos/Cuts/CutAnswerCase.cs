using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.Tests.Resilience.Continue;
using Streamline.TestSupport;

namespace Streamline.Chaos.Cuts;

/// <summary>An answer that is cut: made by an encoder, or recorded.</summary>
/// <param name="Target">The protocol and the model.</param>
/// <param name="Group">The row of the table.</param>
/// <param name="Body">The bytes of the whole response.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="Calls">The arguments of its calls.</param>
internal sealed partial record CutAnswerCase(ChaosTarget Target, string Group, byte[] Body, string Text, string Calls)
{
    private const int MadeAnswers = 24;
    private const int MaxBodyLength = 64 * 1024;

    /// <summary>Gets the responses that the provider keeps; <see langword="null"/> for one that ends with its connection.</summary>
    public KeptResponses? Kept { get; private init; }

    /// <summary>Gets the answers of all protocols in a fixed order; recorded ones only where the corpora are.</summary>
    public static async Task<IReadOnlyList<CutAnswerCase>> AllAsync()
    {
        List<CutAnswerCase> cases = [];
        IReadOnlyList<ChaosTarget> targets = [.. ChaosTarget.All, new("gemini-array", StreamProtocols.GeminiJsonArray, "gemini-2.5-pro")];
        foreach (var target in targets)
        {
            for (var seed = 0; seed < MadeAnswers; seed++)
            {
                var reply = ScriptedReply.Text($"Well, this is how it begins: {Texts.Make(seed)}") with { ResponseId = Id(seed) };
                await AddAsync(cases, target, target.Name, ScriptedBodies.Measure(reply, Request(target.Protocol), target.Protocol).Body.ToArray(), Id(seed));
            }
        }

        foreach (var recording in Recordings.All().Where(recording => recording.Body.Length <= MaxBodyLength && !SaysItsEndAgainAndAgain(recording)))
        {
            var target = targets.First(target => target.Protocol == recording.Protocol && !target.KeepsResponses);
            await AddAsync(cases, target, $"{target.Name}, recorded", recording.Body, id: null);
        }

        return cases;
    }

    // Nobody can tell a cut of such a response from its end, unless its format has one.
    private static bool SaysItsEndAgainAndAgain(Recording recording) =>
        recording.Protocol != StreamProtocols.GeminiJsonArray && FinishReason().Count(Encoding.UTF8.GetString(recording.Body)) > 1;

    [GeneratedRegex("finish_?[rR]eason\"\\s*:\\s*\"", RegexOptions.ExplicitCapture)]
    private static partial Regex FinishReason();

    /// <summary>Makes a request as the scripted provider would see it.</summary>
    public static ScriptedRequest Request(StreamProtocol protocol) => new(0, protocol, "POST", "/", new Dictionary<string, string>(StringComparer.Ordinal), default);

    private static string Id(int seed) => string.Create(CultureInfo.InvariantCulture, $"resp_{seed}");

    private static async Task AddAsync(List<CutAnswerCase> cases, ChaosTarget target, string group, byte[] body, string? id)
    {
        var kept = target.KeepsResponses ? new KeptResponses() : null;
        body = kept?.Keep(id!, body) ?? body;
        var state = new StreamState();
        try
        {
            await foreach (var streamEvent in target.Protocol.ReadAsync(new MemoryStream(body)))
            {
                state.Apply(streamEvent);
            }
        }
        catch (StreamlineException)
        {
            return; // a recording of a failure
        }

        if (!string.IsNullOrWhiteSpace(state.Text))
        {
            cases.Add(new CutAnswerCase(target, group, body, state.Text, CallsOf(state)) { Kept = kept });
        }
    }

    /// <summary>Gets the arguments of the calls of a response.</summary>
    public static string CallsOf(StreamState state) =>
        string.Join('\n', state.ToChatResponse().Messages.SelectMany(message => message.Contents).OfType<Microsoft.Extensions.AI.FunctionCallContent>().Select(call => call.Name));
}
