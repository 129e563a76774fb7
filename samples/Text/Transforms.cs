using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline;
using Streamline.Text;

namespace TextSample;

/// <summary>What can be done with text while it streams. The pages of the documentation show parts of this file.</summary>
internal static class Transforms
{
    private const string Prompt = "What should I wear in Paris today?";

    public static IReadOnlyList<(string Name, Func<IStreamClient, TextWriter, Task> RunAsync)> All { get; } =
    [
        ("Markdown blocks", MarkdownAsync),
        ("Markdown blocks in the pipeline", MarkdownInThePipelineAsync),
        ("Sentences", SentencesAsync),
        ("Sentences in the pipeline", SentencesInThePipelineAsync),
        ("Smoothing", SmoothingAsync),
        ("Guard", GuardAsync),
        ("Text analysis", AnalysisAsync),
    ];

    private static async Task MarkdownAsync(IStreamClient client, TextWriter output)
    {
        // begin: markdown
        await foreach (var e in client.StreamAsync(Prompt).ReadMarkdownAsync())
        {
            switch (e)
            {
                case MarkdownBlockOpened block: await output.WriteAsync($"  {block.Kind} {block.Id}: "); break;
                case MarkdownBlockText text: await output.WriteAsync(text.Text.Replace('\n', ' ')); break;
                case MarkdownBlockClosed: await output.WriteLineAsync(); break; // never changes again
            }
        }
        // end: markdown

        // begin: markdown-leaf
        var markdown = new MarkdownStream();
        markdown.Append("It will be **rai");
        await output.WriteLineAsync($"  {markdown.OpenLeaf!.GetSafeText()}"); // It will be **rai**
        // end: markdown-leaf
    }

    private static async Task MarkdownInThePipelineAsync(IStreamClient source, TextWriter output)
    {
        // begin: use-markdown
        var client = new StreamClientBuilder(source).UseMarkdown().UseCodeBlocks().Build();
        await foreach (var e in client.StreamAsync(Prompt)) // text, tool calls and all else unchanged, and the structure after the text
        {
            switch (e)
            {
                case MarkdownUpdated { Update: MarkdownBlockOpened block }: await output.WriteAsync($"  {block.Kind}"); break;
                case CodeBlockUpdated { Update: CodeBlockStarted code }: await output.WriteAsync($" ({code.Info.Language})"); break;
                case ResponseCompleted: await output.WriteLineAsync(); break;
            }
        }
        // end: use-markdown
    }

    private static async Task SentencesAsync(IStreamClient client, TextWriter output)
    {
        // begin: sentences
        await foreach (var sentence in client.StreamAsync(Prompt).ReadSpokenTextAsync().ReadSentencesAsync())
        {
            await output.WriteLineAsync($"  say: {sentence.Text}");
        }
        // end: sentences
    }

    private static async Task SentencesInThePipelineAsync(IStreamClient source, TextWriter output)
    {
        // begin: use-sentences
        var client = new StreamClientBuilder(source).UseSentences(options => options.MinChars = 20).Build();
        await foreach (var text in client.StreamTextAsync(Prompt)) // each piece is one sentence
        {
            await output.WriteLineAsync($"  {text.Trim().ReplaceLineEndings(" ")}");
        }
        // end: use-sentences
    }

    private static async Task SmoothingAsync(IStreamClient source, TextWriter output)
    {
        // begin: smoothing
        var client = new StreamClientBuilder(source).UseSmoothing(options => options.MaxDelay = TimeSpan.FromMilliseconds(100)).Build();
        // end: smoothing
        await output.WriteLineAsync($"  {(await client.GetResponseAsync(Prompt)).Text.Length} characters, at an even pace");
    }

    private static async Task GuardAsync(IStreamClient source, TextWriter output)
    {
        // begin: guard
        var mail = new Regex("[a-z.]{1,64}@[a-z.]{1,64}", RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        var client = new StreamClientBuilder(source).UseGuard(guard =>
        {
            guard.Rules.Add(GuardRule.Redact(mail, "[address]", maxChars: 129));
            guard.Rules.Add(GuardRule.Block("internal use only", reason: "confidential", ignoreCase: true));
            guard.Check = (window, cancellationToken) => ValueTask.FromResult(GuardVerdict.Allow); // a moderation service, for example
        }).Build();
        // end: guard
        await output.WriteLineAsync($"  {(await client.GetResponseAsync(Prompt)).Text.Split('\n')[^1]}");
    }

    private static async Task AnalysisAsync(IStreamClient source, TextWriter output)
    {
        // begin: analysis
        var client = new StreamClientBuilder(source).UseTextAnalysis(
            "sentiment",
            async (segment, cancellationToken) => await RateAsync(segment.Text, cancellationToken) is { } mood ? JsonSerializer.SerializeToElement(mood, SampleJson.Default.String) : null).Build();
        await foreach (var e in client.StreamAsync(Prompt))
        {
            if (e is TextFinding finding)
            {
                await output.WriteLineAsync($"  {finding.Name} at {finding.Start}: {finding.Result}");
            }
        }
        // end: analysis
    }

    // In an application, a request to a small model.
    private static ValueTask<string?> RateAsync(string sentence, CancellationToken cancellationToken) =>
        ValueTask.FromResult(sentence.Contains("happy", StringComparison.Ordinal) ? "positive" : sentence.Contains("rainy", StringComparison.Ordinal) ? "negative" : null);
}
