using System.Net;
using Streamline.Testing;

namespace ManyStreamsSample;

/// <summary>A model that knows four cities.</summary>
internal static class ScriptedModel
{
    public static HttpClient CreateHttpClient() => new(new ScriptedProvider(Respond).CreateHandler()) { BaseAddress = new Uri("http://model/") };

    private static ScriptedReply Respond(ScriptedRequest request)
    {
        var sentence = request.LastUserText switch
        {
            var text when text.Contains("Paris", StringComparison.Ordinal) => "Paris has a river and many bridges.",
            var text when text.Contains("Lyon", StringComparison.Ordinal) => "Lyon has two rivers.",
            var text when text.Contains("Oslo", StringComparison.Ordinal) => "Oslo lies at the end of a fjord.",
            var text when text.Contains("Lima", StringComparison.Ordinal) => "Lima hardly knows rain.",
            _ => null,
        };
        return sentence is null
            ? ScriptedReply.Error(HttpStatusCode.BadRequest, "There is no such city.", "invalid_request_error")
            : ScriptedReply.Text(sentence) with { Delay = TimeSpan.FromMilliseconds(15) };
    }
}
