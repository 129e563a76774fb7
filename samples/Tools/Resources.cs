using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>Calls that must not get in each other's way.</summary>
internal static class Resources
{
    public static async Task RunAsync(TextWriter output)
    {
        var edit = AIFunctionFactory.Create(
            async (string path, string text) =>
            {
                await Task.Yield();
                return $"{path}: {text}";
            },
            "edit");
        var builder = Examples.Model(
            Examples.Call("edit", """{"path":"a.txt","text":"one"}""").ThenToolCall("edit", """{"path":"a.txt","text":"two"}""").ThenToolCall("edit", """{"path":"b.txt","text":"three"}"""),
            ScriptedReply.Text("Done."));

        // begin: resources
        var client = builder.UseTools(new ToolSet().Add(edit, tool =>
        {
            tool.Locks = arguments => [ToolLock.Write("file:" + arguments.GetProperty("path").GetString())];
            tool.MaxConcurrency = 4;
        })).Build();
        // end: resources

        await foreach (var streamEvent in client.StreamAsync("Edit."))
        {
            switch (streamEvent)
            {
                case ToolWaiting { Reason: ToolWaitReason.Resource } waiting:
                    await output.WriteLineAsync($"waiting for {waiting.Resource}");
                    break;
                case ToolResult result:
                    await output.WriteLineAsync($"{result.Result}");
                    break;
                default:
                    break;
            }
        }
    }
}
