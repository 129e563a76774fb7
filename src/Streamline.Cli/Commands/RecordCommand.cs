using System.CommandLine;
using Streamline.Testing;

namespace Streamline.Cli.Commands;

/// <summary>A proxy that records what any program says to a provider.</summary>
internal static class RecordCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("record", "Run a proxy on this machine that records every exchange with a provider. Point any program at it.");
        var upstream = new Argument<string>("upstream") { Description = "The base address of the provider, such as https://api.openai.com/v1." };
        var folder = new Option<string>("--out", "-o") { Description = "The folder for the recordings.", DefaultValueFactory = _ => "recordings" };
        var port = NumberOption.Create("--port", "The port on 127.0.0.1; 0 for a free one.", () => 0);
        command.Arguments.Add(upstream);
        command.Options.Add(folder);
        command.Options.Add(port);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            var address = Uri.TryCreate(parsed.GetValue(upstream), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new Uri(parsed.GetValue(upstream)!) : throw new UsageException("upstream: expected an http or https address.");
            var proxy = await RecordingProxy.StartAsync(address, parsed.GetValue(folder)!, PortOf(parsed.GetValue(port)), cancellationToken).ConfigureAwait(false);
            await using (proxy.ConfigureAwait(false))
            {
                await ServeAsync(host, proxy.BaseAddress, $"recording {address} into {parsed.GetValue(folder)}", cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Checks a port.</summary>
    /// <exception cref="UsageException">It is not one.</exception>
    public static int PortOf(int port) => port is >= 0 and <= 65_535 ? port : throw new UsageException($"--port: expected 0 to 65535, found {port}.");

    /// <summary>Says where a server is, and waits until it is to stop.</summary>
    public static async Task ServeAsync(CliHost host, Uri address, string what, CancellationToken cancellationToken)
    {
        await host.Output.WriteLineAsync(address.ToString().TrimEnd('/')).ConfigureAwait(false);
        await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        host.Note($"[{what}; Ctrl+C ends]");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(() => stopped.TrySetResult());
        await stopped.Task.ConfigureAwait(false);
    }
}
