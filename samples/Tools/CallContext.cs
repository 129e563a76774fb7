using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;
using Streamline.Tools;

namespace ToolsSample;

/// <summary>What a tool knows of its call.</summary>
internal static class CallContext
{
    public static async Task RunAsync(TextWriter output)
    {
        // begin: context
        var report = AIFunctionFactory.Create(
            (string topic, AIFunctionArguments arguments) =>
            {
                var call = arguments.ToolCall()!;
                call.Report($"reading {call.Messages.Count} message");
                if (topic.Length == 0)
                {
                    throw new ToolErrorException("Name a topic."); // words for the model
                }

                return $"round {call.Round}: {topic}";
            },
            "report");
        // end: context

        var client = Examples.Model(
                Examples.Call("report", """{"topic":""}""").ThenToolCall("report", """{"topic":5}"""),
                Examples.Call("report", """{"topic":"rain"}"""),
                ScriptedReply.Text("Done."))
            .UseTools(report).Build();
        await foreach (var streamEvent in client.StreamAsync("Report."))
        {
            switch (streamEvent)
            {
                case ToolProgress progress:
                    await output.WriteLineAsync($"{progress.Progress}");
                    break;
                case ToolResult result:
                    await output.WriteLineAsync($"{(result.IsError ? "error: " : "")}{result.Result}");
                    break;
                default:
                    break;
            }
        }
    }
}
