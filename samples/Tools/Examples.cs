using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>The examples, and what they share: a scripted model.</summary>
internal static class Examples
{
    public static IReadOnlyList<(string Name, Func<TextWriter, Task> RunAsync)> All { get; } =
    [
        ("Loop control", LoopControl.RunAsync),
        ("Approval while the stream runs", Approvals.AskAsync),
        ("Approval in a later request", Approvals.AskLaterAsync),
        ("Resources", Resources.RunAsync),
        ("The context of a call", CallContext.RunAsync),
        ("Tools of a request, of the run and of the user interface", OtherTools.RunAsync),
        ("Streamed results", StreamedResults.RunAsync),
        ("A file that is written while the model writes it", StreamingFile.RunAsync),
        ("Snapshots for a user interface", Snapshots.RunAsync),
    ];

    /// <summary>A pipeline over a model that gives these replies, one after another.</summary>
    public static StreamClientBuilder Model(params ScriptedReply[] replies)
    {
        var http = new HttpClient(new ScriptedProvider(replies).CreateHandler()) { BaseAddress = new Uri("http://model/") };
        return new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted"));
    }

    /// <summary>A reply that calls one tool.</summary>
    public static ScriptedReply Call(string tool, string arguments) => ScriptedReply.ToolCall(tool, arguments);
}
