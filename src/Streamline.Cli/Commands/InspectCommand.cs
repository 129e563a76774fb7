using System.CommandLine;
using Streamline.Cli.Inspection;
using Streamline.Cli.Providers;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Cli.Commands;

/// <summary>A recorded response: its events, its timing, and what is odd.</summary>
internal static class InspectCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("inspect", "Look at a recorded response of any provider: its events, its timing, what is odd.");
        var file = new Argument<string?>("file") { Description = "A recording of record or --record, or a plain body. Default: what is piped in.", Arity = ArgumentArity.ZeroOrOne };
        var protocol = new Option<string?>("--protocol") { Description = $"The protocol: {string.Join(", ", Protocols.Keys)}. Default: recognized by the body." };
        var events = new Option<bool>("--events") { Description = "List every event." };
        var json = new Option<bool>("--json") { Description = "One line of JSON instead of words." };
        command.Arguments.Add(file);
        command.Options.Add(protocol);
        command.Options.Add(events);
        command.Options.Add(json);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            var (exchange, body) = await ReadAsync(host, parsed.GetValue(file), cancellationToken).ConfigureAwait(false);
            if (exchange is not null && parsed.GetValue(protocol) is null && ProtocolDetector.Detect(body) is null)
            {
                await host.Output.WriteLineAsync($"exchange  {TerminalText.Clean(exchange.ToString())}").ConfigureAwait(false);
                await host.Output.WriteLineAsync($"odd       no stream that is known: '{TerminalText.Clean(System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200))).ReplaceLineEndings(" "))}'").ConfigureAwait(false);
                return ExitCode.Failed;
            }

            var chosen = Choose(parsed.GetValue(protocol), body);
            var inspection = await ResponseInspection.CreateAsync(exchange, body, chosen, cancellationToken).ConfigureAwait(false);
            await host.Output.WriteAsync(parsed.GetValue(json)
                ? InspectionJson.Write(inspection, parsed.GetValue(events)) + "\n"
                : InspectionReport.Write(inspection, parsed.GetValue(events))).ConfigureAwait(false);
            return inspection.Failure is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static SortedDictionary<string, StreamProtocol> Protocols { get; } = new(
        KnownProvider.All.Select(provider => provider.Protocol)
            .Concat([StreamProtocols.GeminiJsonArray, StreamProtocols.BedrockAnthropic])
            .DistinctBy(protocol => (protocol.Name, protocol.ContentType))
            .ToDictionary(NameOf),
        StringComparer.Ordinal);

    private static string NameOf(StreamProtocol protocol) => protocol == StreamProtocols.GeminiJsonArray ? "gemini-json-array" : protocol.Name;

    private static StreamProtocol Choose(string? name, byte[] body)
    {
        if (name is not null)
        {
            return Protocols.GetValueOrDefault(name) ?? throw new UsageException($"There is no protocol '{name}'. Expected {string.Join(", ", Protocols.Keys)}.");
        }

        return ProtocolDetector.Detect(body) ?? throw new UsageException($"The protocol is not clear from the body: pass --protocol, one of {string.Join(", ", Protocols.Keys)}.");
    }

    private static async Task<(RecordedExchange? Exchange, byte[] Body)> ReadAsync(CliHost host, string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            if (host.IsInputInteractive)
            {
                throw new UsageException("Nothing to inspect: name a file, or pipe a body in.");
            }

            using var piped = new MemoryStream();
            await host.Input.CopyToAsync(piped, cancellationToken).ConfigureAwait(false);
            return (null, piped.ToArray());
        }

        var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        if (!RecordedExchange.IsRecording(bytes))
        {
            return (null, bytes);
        }

        var exchange = RecordedExchange.Load(path);
        return (exchange, exchange.GetBody());
    }
}
