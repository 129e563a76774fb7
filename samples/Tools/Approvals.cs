using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>Calls that somebody has to approve.</summary>
internal static class Approvals
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(ToolApprovalOptions.MinKeyBytes);

    public static async Task AskAsync(TextWriter output)
    {
        var delete = AIFunctionFactory.Create((string path) => $"deleted {path}", "delete_file");
        var builder = Examples.Model(Examples.Call("delete_file", """{"path":"/tmp/a.txt"}"""), ScriptedReply.Text("Done."));

        // begin: approval
        var client = builder.UseTools(new ToolSet().Add(delete, tool => tool.Approval = ToolApproval.When(
            call => call.Arguments.GetProperty("path").GetString()!.StartsWith("/tmp/", StringComparison.Ordinal)))).Build();
        await foreach (var streamEvent in client.StreamAsync("Tidy up."))
        {
            switch (streamEvent)
            {
                case ApprovalRequested request:
                    await output.WriteLineAsync($"Run {request.Name} with {request.Arguments}? yes");
                    request.Approve(); // or request.Deny("Not that one."), now or later, from any thread
                    break;
                case ToolResult result:
                    await output.WriteLineAsync($"{result.Result}");
                    break;
                default:
                    break;
            }
        }

        // end: approval
    }

    public static async Task AskLaterAsync(TextWriter output)
    {
        var delete = AIFunctionFactory.Create((string path) => $"deleted {path}", "delete_file");
        var builder = Examples.Model(Examples.Call("delete_file", """{"path":"/tmp/a.txt"}"""), ScriptedReply.Text("Done."));

        // begin: approval-later
        var client = builder.UseTools(
            new ToolSet { new ApprovalRequiredAIFunction(delete) },
            tools => tools.Approvals.Key = Key).Build(); // the same key in every process

        // The first request leaves the question open, and its messages go into a store.
        List<ChatMessage> history = [new(ChatRole.User, "Tidy up.")];
        var first = await client.GetResponseAsync(new StreamRequest { Messages = history });
        history.AddRange(first.Messages);
        var stored = JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions);

        // Another process, hours later: somebody has answered.
        history = JsonSerializer.Deserialize<List<ChatMessage>>(stored, AIJsonUtilities.DefaultOptions)!;
        var question = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new ChatMessage(ChatRole.User, [question.CreateResponse(approved: true)]));
        var second = await client.GetResponseAsync(new StreamRequest { Messages = history });
        // end: approval-later

        await output.WriteLineAsync($"{first.Messages.Count} message, then: {second.Text}");
    }
}
