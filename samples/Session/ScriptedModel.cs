using Streamline.Testing;

namespace SessionSample;

/// <summary>A model that knows what the sample says to it.</summary>
internal static class ScriptedModel
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);

    public static HttpClient CreateHttpClient() => new(new ScriptedProvider(Respond).CreateHandler()) { BaseAddress = new Uri("http://model/") };

    // The newest question first: messages of the user that follow each other are one message to the provider.
    private static ScriptedReply Respond(ScriptedRequest request) => request.LastUserText switch
    {
        var text when text.Contains("time", StringComparison.Ordinal) => ScriptedReply.Text("It is noon."),
        var text when text.Contains("coat", StringComparison.Ordinal) => ScriptedReply.Text("Let me look.").ThenToolCall("search", """{"what":"coats"}"""),
        var text when text.Contains("red", StringComparison.Ordinal) => ScriptedReply.Text("The red one is yours.") with { Delay = Pace },
        var text when text.Contains("shoes", StringComparison.Ordinal) => ScriptedReply.Text("Red shoes as well.") with { Delay = Pace },
        var text when text.Contains("story", StringComparison.Ordinal) => ScriptedReply.Text(string.Join(' ', Enumerable.Repeat("Once upon a time.", 500))) with { Delay = Pace },
        _ => ScriptedReply.Text("You are welcome."),
    };
}
