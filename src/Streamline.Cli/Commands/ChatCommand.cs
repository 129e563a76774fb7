using System.CommandLine;
using System.Text;
using System.Threading.Channels;
using Streamline.Cli.Output;
using Streamline.Cli.Providers;

namespace Streamline.Cli.Commands;

/// <summary>A conversation, line by line. What is typed while an answer streams waits for its turn; Ctrl+C stops the answer and keeps what was said.</summary>
internal static class ChatCommand
{
    private const string Help = "[/stop ends the answer, /now TEXT interrupts it, /steer TEXT joins in at the next boundary, /save FILE, /quit]";

    public static Command Create(CliHost host)
    {
        var command = new Command("chat", "Chat, a line at a time. /help lists what can be done while an answer streams.");
        var load = new Option<string?>("--load") { Description = "Continue a conversation that /save or --save wrote." };
        var save = new Option<string?>("--save") { Description = "Write the conversation to this file at the end." };
        var provider = new ProviderOptions();
        var answer = new AnswerOptions();
        answer.AddTo(command);
        command.Options.Add(load);
        command.Options.Add(save);
        provider.AddTo(command);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            var view = answer.CreateView(parsed, host);
            using var connection = provider.Open(parsed, host);
            var builder = new StreamClientBuilder(connection.Client).UseTimeProvider(host.TimeProvider);
            var client = (answer.IsSmooth(parsed) ? builder.UseSmoothing() : builder).UseDefaults().Build();
            var options = new StreamSessionOptions { ChatOptions = provider.ToChatOptions(parsed) };
            var session = parsed.GetValue(load) is { } file
                ? StreamSession.Restore(client, await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false), options)
                : new StreamSession(client, options);
            await using (session.ConfigureAwait(false))
            {
                try
                {
                    await RunAsync(host, session, view, answer.ShowsReasoning(parsed), cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    if (parsed.GetValue(save) is { } path)
                    {
                        await SaveAsync(host, session, path).ConfigureAwait(false);
                    }
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RunAsync(CliHost host, StreamSession session, AnswerView view, bool showsReasoning, CancellationToken cancellationToken)
    {
        var watching = WatchAsync(host, session, view, showsReasoning, cancellationToken);
        var isInterrupted = false;
        host.OnInterrupt = () =>
        {
            var isRunning = session.Snapshot.IsRunning;
            Volatile.Write(ref isInterrupted, isRunning);
            _ = isRunning ? session.StopAsync() : Task.CompletedTask;
            return isRunning;
        };
        using var reader = new StreamReader(host.Input, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1024, leaveOpen: true);
        if (host.IsInputInteractive)
        {
            host.Note(Help);
        }

        while (true)
        {
            // The read of a terminal cannot be cancelled; it is abandoned.
            var line = await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (line is null && !Interlocked.Exchange(ref isInterrupted, false))
            {
                break;
            }

            // On Windows, Ctrl+C ends the read of a line too.
            if (line?.Trim() is not { Length: > 0 } text)
            {
                continue;
            }

            if (text is "/quit" or "/exit")
            {
                await session.StopAsync().ConfigureAwait(false);
                break;
            }

            await ObeyAsync(host, session, text).ConfigureAwait(false);
            if (!host.IsInputInteractive)
            {
                await session.WhenIdleAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await session.WhenIdleAsync(cancellationToken).ConfigureAwait(false);
        host.OnInterrupt = null;
        await session.DisposeAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    private static async Task ObeyAsync(CliHost host, StreamSession session, string text)
    {
        var (word, rest) = text.StartsWith('/') && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? (text[..blank], text[(blank + 1)..].Trim()) : (text, "");
        switch (word)
        {
            case "/help":
                host.Note(Help);
                break;
            case "/stop":
                await session.StopAsync().ConfigureAwait(false);
                break;
            case "/save" when rest.Length > 0:
                await SaveAsync(host, session, rest).ConfigureAwait(false);
                break;
            case "/now" when rest.Length > 0:
                session.InterruptAndSend(new ChatMessage(ChatRole.User, rest));
                break;
            case "/steer" when rest.Length > 0:
                session.Steer(new ChatMessage(ChatRole.User, rest));
                break;
            case ['/', ..]:
                host.Note($"[unknown command '{word}', or its text is missing] {Help}");
                break;
            default:
                session.Queue(new ChatMessage(ChatRole.User, text));
                break;
        }
    }

    private static async Task SaveAsync(CliHost host, StreamSession session, string path)
    {
        try
        {
            // In one step, so that a process that is killed leaves the earlier file.
            var temporary = path + ".tmp";
            await File.WriteAllTextAsync(temporary, session.Save(), CancellationToken.None).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            host.Note($"[not saved: {exception.Message}]");
        }
    }

    // Each turn is shown as a stream of its own.
    private static async Task WatchAsync(CliHost host, StreamSession session, AnswerView view, bool showsReasoning, CancellationToken cancellationToken)
    {
        Channel<StreamEvent>? turn = null;
        var showing = Task.CompletedTask;
        await foreach (var sessionEvent in session.ObserveAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            switch (sessionEvent)
            {
                case SessionTurnStarted:
                    turn = Channel.CreateUnbounded<StreamEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
                    var notes = new AnswerNotes(host, showsReasoning, isQuiet: view.IsForPrograms);
                    showing = view.ShowAsync(notes.WatchAsync(turn.Reader.ReadAllAsync(cancellationToken), cancellationToken), cancellationToken);
                    break;
                case SessionStreamEvent { Event: var streamEvent }:
                    turn?.Writer.TryWrite(streamEvent);
                    break;
                case SessionTurnEnded ended:
                    turn?.Writer.TryComplete();
                    await WaitAsync(host, showing).ConfigureAwait(false);
                    Tell(host, ended);
                    break;
                case SessionMessageEvent { Outcome.Undelivered: { } why } message:
                    host.Note($"[not delivered: {why}: {message.Message.Message.Text}]");
                    break;
                case SessionMessageEvent { Message.Kind: SessionMessageKind.Steer, Outcome.Turn: not null } message:
                    host.Note($"[delivered: {message.Message.Message.Text}]");
                    break;
            }
        }
    }

    // An answer that cannot be shown does not end the conversation.
    private static async Task WaitAsync(CliHost host, Task showing)
    {
        try
        {
            await showing.ConfigureAwait(false);
        }
        catch (StreamlineException exception)
        {
            host.Note($"[cannot be shown: {exception.Message}]");
        }
    }

    private static void Tell(CliHost host, SessionTurnEnded ended)
    {
        if (ended.Failure is { } failure)
        {
            host.Note($"[failed: {failure.Message}]");
        }
        else if (ended.End != SessionTurnEnd.Completed)
        {
            host.Note($"[{ended.End.ToString().ToLowerInvariant()}]");
        }
    }
}
