using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Workflows;

namespace ProgressiveSample;

/// <summary>Writes a guide that is useful from the first second: headings first, then text, then better text.</summary>
internal static class Guide
{
    public static async Task WriteAsync(IStreamClient client, string topic, TextWriter output, CancellationToken cancellationToken = default)
    {
        // begin: progressive
        // 1. The structure. A section is there the moment its object closes, while the outline continues.
        var outline = client.StreamItemsAsync($"The sections of a short guide to {topic}.", GuideContext.Default.Section, cancellationToken: cancellationToken);

        // 2. The contents: each section is written as soon as its heading is known, with tools, three at a time.
        var drafts = StreamMerge.MergeAsync(
            outline,
            (section, token) => client.StreamAsync($"Write the section '{section.Title}' of a guide to {topic}: {section.Purpose}", cancellationToken: token),
            new StreamMergeOptions { MaxConcurrency = 3 },
            cancellationToken);

        // 3. The refinement: each draft is improved when it is complete. The others do not wait for it.
        var complete = Channel.CreateUnbounded<MergedResult<Section>>();
        var refined = StreamMerge.MergeAsync(
            complete.Reader.ReadAllAsync(cancellationToken),
            (draft, token) => client.StreamAsync([.. draft.Response.Messages, new ChatMessage(ChatRole.User, $"Make the section '{draft.Input.Title}' shorter.")], cancellationToken: token),
            cancellationToken: cancellationToken);
        var refining = RefineAsync(refined, output);

        try
        {
            await foreach (var draft in drafts)
            {
                if (draft.Event is ResponseStarted)
                {
                    await output.WriteLineAsync($"{draft.Index + 1}. {draft.Input.Title}: ...");
                }
                else if (draft.Event is ToolResult result)
                {
                    await output.WriteLineAsync($"{draft.Index + 1}. {draft.Input.Title}: looked up {result.Result}");
                }
                else if (draft.Result is { } end)
                {
                    await output.WriteLineAsync($"{draft.Index + 1}. {draft.Input.Title}: {(end.Failure is { } failure ? $"failed: {failure.Message}" : end.Response.Text)}");
                    if (end.Failure is null)
                    {
                        complete.Writer.TryWrite(end);
                    }
                }
            }
        }
        finally
        {
            complete.Writer.Complete();
            await refining;
        }
        // end: progressive
    }

    private static async Task RefineAsync(IAsyncEnumerable<MergedEvent<MergedResult<Section>>> refined, TextWriter output)
    {
        await foreach (var better in refined)
        {
            // A draft whose refinement fails stays as it is.
            if (better.Result is { Failure: null } end)
            {
                await output.WriteLineAsync($"{better.Input.Index + 1}. {better.Input.Input.Title}: refined: {end.Response.Text}");
            }
        }
    }
}
