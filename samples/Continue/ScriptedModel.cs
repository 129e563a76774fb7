using Streamline.Testing;

namespace ContinueSample;

/// <summary>A model whose connection breaks in the middle of its answer, and which then continues in the way that it is asked to.</summary>
internal static class ScriptedModel
{
    private const string Answer = "Take the coast road: it is longer, but the view of the bay in the evening is worth every minute of it.";
    private const int EventsBeforeTheCut = 14;

    public static HttpClient CreateHttpClient() => new(new ScriptedProvider(Respond).CreateHandler()) { BaseAddress = new Uri("http://model/") };

    private static ScriptedReply Respond(ScriptedRequest request)
    {
        var messages = request.Body.GetProperty("messages");
        var last = messages[messages.GetArrayLength() - 1];
        if (last.GetProperty("role").ValueEquals("assistant"))
        {
            // A prefill: exactly what follows.
            return ScriptedReply.Text(Answer[last.GetProperty("content")[0].GetProperty("text").GetString()!.Length..]);
        }

        if (messages.GetArrayLength() > 1)
        {
            // Asked in words, models introduce what they write, and repeat some of it.
            var shown = messages[1].GetProperty("content")[0].GetProperty("text").GetString()!;
            return ScriptedReply.Text($"Sure, here is the rest:\n\n{shown[^20..]}{Answer[shown.Length..]}");
        }

        return ScriptedReply.Text(Answer) with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(EventsBeforeTheCut) } };
    }
}
