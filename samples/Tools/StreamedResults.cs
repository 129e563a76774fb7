using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>A tool that gives its results one after another.</summary>
internal static class StreamedResults
{
    public static async Task RunAsync(TextWriter output)
    {
        // begin: streamed-results
        var crawl = AIFunctionFactory.Create(CrawlAsync, new AIFunctionFactoryOptions { Name = "crawl" }.StreamResults());
        var tools = new ToolSet().Add(crawl, tool => tool.StreamedResult = ToolStreamedResult.All); // or only the last
        // end: streamed-results

        var client = Examples.Model(Examples.Call("crawl", "{}"), ScriptedReply.Text("Done.")).UseTools(tools).Build();
        await foreach (var streamEvent in client.StreamAsync("Crawl."))
        {
            switch (streamEvent)
            {
                case ToolProgress progress:
                    await output.WriteLineAsync($"{progress.Progress}");
                    break;
                case ToolResult result:
                    await output.WriteLineAsync($"all: {result.Result}");
                    break;
                default:
                    break;
            }
        }
    }

    private static async IAsyncEnumerable<string> CrawlAsync()
    {
        yield return "page one";
        await Task.Yield();
        yield return "page two";
    }
}
