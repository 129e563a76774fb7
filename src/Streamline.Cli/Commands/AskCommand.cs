using System.CommandLine;
using System.Text;
using Streamline.Cli.Output;
using Streamline.Cli.Providers;
using Streamline.Cli.Sentiment;

namespace Streamline.Cli.Commands;

/// <summary>One question, from the command line or a pipe, and its answer as it streams.</summary>
internal static class AskCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("ask", "Ask once: the prompt, a pipe or both in, the answer out as it streams.");
        var prompt = new Argument<string[]>("prompt") { Description = "The question. What is piped in is added below it.", Arity = ArgumentArity.ZeroOrMore };
        var sentiment = new Option<bool>("--sentiment") { Description = "Rate each sentence while the answer streams, by a list of English words: beside the output, or as events with --json." };
        var sentimentModel = new Option<string?>("--sentiment-model") { Description = "Let this model of the same provider rate the sentences instead." };
        var write = new Option<string?>("--write") { Description = "Write the code blocks that name a file into this folder: all of them at the end, or none." };
        var provider = new ProviderOptions();
        var answer = new AnswerOptions();
        command.Arguments.Add(prompt);
        answer.AddTo(command);
        command.Options.Add(sentiment);
        command.Options.Add(sentimentModel);
        command.Options.Add(write);
        provider.AddTo(command);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            var view = answer.CreateView(parsed, host);
            using var connection = provider.Open(parsed, host);
            var text = await ReadPromptAsync(host, parsed.GetValue(prompt) ?? [], cancellationToken).ConfigureAwait(false);
            var client = Build(host, connection.Client, answer.IsSmooth(parsed), parsed.GetValue(sentiment), parsed.GetValue(sentimentModel));
            var notes = new AnswerNotes(host, answer.ShowsReasoning(parsed), isQuiet: view.IsForPrograms);
            var events = notes.WatchAsync(client.StreamAsync([new ChatMessage(ChatRole.User, text)], provider.ToChatOptions(parsed), cancellationToken), cancellationToken);
            await ShowAsync(host, view, events, parsed.GetValue(write), notes, cancellationToken).ConfigureAwait(false);
            return ExitOf(host, notes.Completed);
        });
        return command;
    }

    private static async Task ShowAsync(CliHost host, AnswerView view, IAsyncEnumerable<StreamEvent> events, string? folder, AnswerNotes notes, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            await view.ShowAsync(events, cancellationToken).ConfigureAwait(false);
            return;
        }

        Directory.CreateDirectory(folder);
        var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = folder });
        await using (writer.ConfigureAwait(false))
        {
            var branch = new EventBranch();
            var writing = WriteAsync(writer, branch.ReadAllAsync(), cancellationToken);
            try
            {
                await view.ShowAsync(branch.CopyAsync(events, writing, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // The writer is for one thread at a time, also when it is disposed.
                await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await writing.ConfigureAwait(false);
            if (notes.Completed is not { Outcome: StreamOutcome.Complete })
            {
                host.Note("[the answer is not complete: nothing was written]");
                return;
            }

            var files = await writer.CommitAsync(cancellationToken).ConfigureAwait(false);
            host.Note(files.Count == 0 ? "[no code block names a file: nothing was written]" : $"[wrote {string.Join(", ", files.Select(file => file.Name))}]");
        }
    }

    private static async Task WriteAsync(CodeFileWriter writer, IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var codeEvent in events.ReadCodeBlocksAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteAsync(codeEvent, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IStreamClient Build(CliHost host, IStreamClient client, bool isSmooth, bool isRated, string? model)
    {
        var builder = new StreamClientBuilder(client).UseTimeProvider(host.TimeProvider);
        if (isRated || model is not null)
        {
            builder.UseTextAnalysis(
                "sentiment",
                async (segment, cancellationToken) => model is null ? SentimentRater.Find(segment.Text) : await SentimentRater.AskAsync(client, model, segment.Text, cancellationToken).ConfigureAwait(false));
        }

        if (isSmooth)
        {
            builder.UseSmoothing();
        }

        return builder.UseDefaults().Build();
    }

    private static async Task<string> ReadPromptAsync(CliHost host, string[] words, CancellationToken cancellationToken)
    {
        var prompt = string.Join(' ', words).Trim();
        var piped = "";
        if (!host.IsInputInteractive)
        {
            using var reader = new StreamReader(host.Input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            piped = (await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Trim();
        }

        var text = string.Join("\n\n", new[] { prompt, piped }.Where(part => part.Length > 0));
        return text.Length > 0 ? text : throw new UsageException("There is no prompt: pass one as an argument, or pipe it in.");
    }

    private static int ExitOf(CliHost host, ResponseCompleted? completed)
    {
        if (completed is null or { Outcome: StreamOutcome.Complete })
        {
            return ExitCode.Done;
        }

        host.Note($"[the answer ended early: {completed.RawFinishReason ?? completed.FinishReason.ToString()}]");
        return ExitCode.Incomplete;
    }
}
