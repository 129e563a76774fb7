using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Chaos.Conversations;

/// <summary>The provider's side of one conversation: it knows from each request which part of the script comes next, and sends it with the faults of the plan.</summary>
internal sealed partial class ConversationModel(ConversationPlan plan)
{
    /// <summary>The header in which a client repeats the query of its request, which the scripted provider does not record.</summary>
    public const string QueryHeader = "x-query";

    private readonly KeptResponses _kept = new();
    private int _requests;

    /// <summary>Gets how many requests have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers a request.</summary>
    public ScriptedReply Respond(ScriptedRequest request)
    {
        var number = Interlocked.Increment(ref _requests);
        var random = new Random(unchecked((plan.Seed * 31) + (number * 7919)));
        var protocol = request.Protocol!;
        var (reply, events, bytes) = request.Method == "GET" ? Rest(request) : Answer(request, protocol, number);
        if (random.Next(10) < plan.FaultsPerTen)
        {
            reply = RandomFaults.Apply(reply, events, bytes, random);
        }

        return RandomFaults.InChunks(reply, random);
    }

    private (ScriptedReply Reply, int Events, int Bytes) Rest(ScriptedRequest request)
    {
        var rest = _kept.Rest(request.Path[(request.Path.LastIndexOf('/') + 1)..], request.Headers[QueryHeader]);
        return (ScriptedReply.Raw(rest), 1, Math.Max(1, rest.Length));
    }

    private (ScriptedReply Reply, int Events, int Bytes) Answer(ScriptedRequest request, StreamProtocol protocol, int number)
    {
        var body = Encoding.UTF8.GetString(request.RawBody.Span);
        var continuation = ContinuationRequest.Read(request.Body);
        var round = RoundOf(body, continuation);
        var script = plan.Rounds[Math.Min(round, plan.Rounds.Count - 1)];
        var id = string.Create(CultureInfo.InvariantCulture, $"resp_{number}");
        var text = continuation is null ? script.Text : continuation.InWords ? plan.Manner.Continue(script.Text, continuation.Shown) : ContinuingManner.Rest(script.Text, continuation.Shown);
        var reply = ToReply(text, continuation is null ? script.Reasoning : null, script.Calls) with { ResponseId = id, Usage = new TokenUsage { InputTokens = 10, OutputTokens = 5 } };
        var (frames, output) = ScriptedBodies.Measure(reply, request, protocol);
        return body.Contains("\"background\":true", StringComparison.Ordinal)
            ? (ScriptedReply.Raw(_kept.Keep(id, output.Span)), 1, output.Length)
            : (reply, frames, output.Length);
    }

    // A text that is cut within its first words belongs to the round after those that the request has whole.
    private static int RoundOf(string body, ContinuationRequest? continuation)
    {
        if (continuation is not null && Round().Match(continuation.Shown) is { Success: true } own)
        {
            return Number(own);
        }

        // Its calls tell the round too, where bytes between the events have taken words out of its text.
        return Round().Matches(body).Concat(Call().Matches(body)).Select(Number).DefaultIfEmpty(-1).Max() + 1;
    }

    private static int Number(Match match) => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);

    private static ScriptedReply ToReply(string text, string? reasoning, IReadOnlyList<ConversationCall> calls)
    {
        var reply = reasoning is null ? ScriptedReply.Text(text) : ScriptedReply.Reasoning(reasoning, "c2lnbmF0dXJl").ThenText(text);
        return calls.Aggregate(reply, (before, call) => before.ThenToolCall(call.Name, call.IsGood ? $$"""{"k":"{{call.Key}}"}""" : """{"k":"cut""", call.Key));
    }

    [GeneratedRegex(@"Round (?<n>[0-9])\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Round();

    [GeneratedRegex("r(?<n>[0-9])_c[0-9]", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
