using System.CommandLine;
using Streamline.Cli.Commands;

namespace Streamline.Cli;

/// <summary>The command line: its commands, and what becomes of their failures.</summary>
internal static class CliApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        var root = new RootCommand("Works with streamed LLM responses: chat, ask, repair JSON, inspect and probe, record and replay.")
        {
            AskCommand.Create(host),
            ChatCommand.Create(host),
            RepairCommand.Create(host),
            InspectCommand.Create(host),
            ProbeCommand.Create(host),
            RecordCommand.Create(host),
            ReplayCommand.Create(host),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0 && UnknownOption.Find(parsed) is { } problem)
        {
            host.Note($"streamline: {problem}");
            return ExitCode.Usage;
        }

        var code = await GuardAsync(
            host,
            async () =>
            {
                var ended = await parsed.InvokeAsync(
                    new InvocationConfiguration { Output = parsed.Errors.Count > 0 ? host.Error : host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                    host.Stopping).ConfigureAwait(false);
                await host.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                return ended;
            },
            host.Stopping).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="host">Where failures are told.</param>
    /// <param name="run">Does it, and gives the exit code.</param>
    public static void Run(this Command command, CliHost host, Func<ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction((parsed, cancellationToken) => GuardAsync(host, () => run(parsed, cancellationToken), cancellationToken));

    private static async Task<int> GuardAsync(CliHost host, Func<Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (UsageException exception)
        {
            return Tell(exception.Message, ExitCode.Usage);
        }
        catch (ProviderException exception)
        {
            return Tell($"{exception.Message}{(exception.IsRetryable ? " It may work later." : "")}", ExitCode.Failed);
        }
        catch (StreamlineException exception)
        {
            return Tell(exception.Message, ExitCode.Failed);
        }
        catch (UnauthorizedAccessException exception) when (NamesAFolder(exception.Message) is { } folder)
        {
            return Tell($"'{folder}' is a folder; expected a file.", ExitCode.Failed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException or InvalidDataException or ArgumentException or InvalidOperationException or System.Text.Json.JsonException or CodeFileException)
        {
            return Tell(exception.Message, ExitCode.Failed);
        }

        int Tell(string message, int code)
        {
            host.Note($"streamline: {message}");
            return code;
        }
    }

    // Reading a folder as a file is refused like a file that may not be read; its path is between quotes.
    private static string? NamesAFolder(string message) => message.Split('\'') is [_, var path, ..] && Directory.Exists(path) ? path : null;
}
