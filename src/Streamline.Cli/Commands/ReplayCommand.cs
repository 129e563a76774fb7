using System.CommandLine;
using Streamline.Testing;

namespace Streamline.Cli.Commands;

/// <summary>Recorded exchanges as a provider.</summary>
internal static class ReplayCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("replay", "Serve recorded responses as a provider on this machine, in their order, with their pauses.");
        var files = new Argument<string[]>("recordings") { Description = "The recorded exchanges, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var port = NumberOption.Create("--port", "The port on 127.0.0.1; 0 for a free one.", () => 0);
        var speed = NumberOption.Create("--speed", "How many times as fast as recorded.", () => 1.0);
        var repeat = new Option<bool>("--repeat") { Description = "Begin again after the last response, instead of answering with an error." };
        command.Arguments.Add(files);
        command.Options.Add(port);
        command.Options.Add(speed);
        command.Options.Add(repeat);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            var factor = parsed.GetValue(speed);
            if (!(factor > 0))
            {
                throw new UsageException("--speed: expected more than 0.");
            }

            var replies = parsed.GetValue(files)!.SelectMany(Expand).Select(path => RecordedExchange.Load(path)).Where(exchange => exchange.StatusCode is not null).Select(exchange => exchange.ToReply(factor)).ToArray();
            if (replies.Length == 0)
            {
                throw new UsageException("The recordings hold no response.");
            }

            var provider = parsed.GetValue(repeat)
                ? new ScriptedProvider(request => replies[request.Index % replies.Length], new ScriptedProviderOptions { TimeProvider = host.TimeProvider })
                : new ScriptedProvider(new ScriptedProviderOptions { TimeProvider = host.TimeProvider }, replies);
            var server = await ScriptedProviderHost.StartAsync(provider, RecordCommand.PortOf(parsed.GetValue(port)), cancellationToken).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                await RecordCommand.ServeAsync(host, server.BaseAddress, $"replaying {replies.Length} responses", cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.jsonl").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal) : [path];
}
