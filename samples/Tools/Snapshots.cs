using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>States in place of events, for a user interface that draws at its own pace.</summary>
internal static class Snapshots
{
    public static async Task RunAsync(TextWriter output)
    {
        var client = Examples.Model(ScriptedReply.Text("A light raincoat over a jacket.") with { FragmentLength = 3 }).Build();
        var last = "";

        // begin: snapshots
        await foreach (var state in client.StreamAsync("What should I wear?").SnapshotsAsync(TimeSpan.FromMilliseconds(50)))
        {
            last = state.Text; // draw it; the last state always comes
        }

        // end: snapshots
        await output.WriteLineAsync(last);
    }
}
