using System.CommandLine;
using System.Globalization;
using System.Text;
using Streamline.Cli.Inspection;
using Streamline.Cli.Providers;
using Streamline.Testing;

namespace Streamline.Cli.Commands;

/// <summary>Asks a server and looks at how the answer comes: does it stream, when does what arrive, and what holds it back?</summary>
internal static class ProbeCommand
{
    private const string Prompt = "Count from 1 to 60, in words, separated by commas.";
    private const int MaxShownPieces = 24;

    public static Command Create(CliHost host)
    {
        var command = new Command("probe", "Ask a server and look at how the answer comes: does it stream, when does what arrive, what holds it back?");
        var url = new Argument<string?>("url") { Description = "The address to ask. With --provider, its base address instead; default: the provider's own.", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data", "-d") { Description = "The body to POST; @FILE for that of a file. Without it, a GET." };
        var headers = new Option<string[]>("--header", "-H") { Description = "A header, as 'Name: value'." };
        var json = new Option<bool>("--json") { Description = "One line of JSON instead of words." };
        var provider = new ProviderOptions();
        var limitOptions = new ProbeLimitOptions();
        command.Arguments.Add(url);
        command.Options.Add(data);
        command.Options.Add(headers);
        command.Options.Add(json);
        limitOptions.AddTo(command);
        provider.AddTo(command);
        command.Run(host, async (parsed, cancellationToken) =>
        {
            using var limits = limitOptions.Start(parsed, host.TimeProvider, cancellationToken);
            var recording = new MemoryRecording(host.TimeProvider, limits.MaxBytes, limits.StopAtSize);
            try
            {
                if (provider.IsGiven(parsed))
                {
                    await AskAsync(host, provider, parsed, recording, limits.Token).ConfigureAwait(false);
                }
                else
                {
                    var address = parsed.GetValue(url) ?? throw new UsageException("Nothing to probe: pass an address, or --provider.");
                    await SendAsync(host, address, parsed.GetValue(data), parsed.GetValue(headers) ?? [], recording, limits.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (limits.Token.IsCancellationRequested && recording.HasResponse)
            {
                host.Note($"streamline: {limits.Reason}. The report is of what had arrived.");
            }
            catch (OperationCanceledException exception) when (limits.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"{limits.Reason}: no response had arrived.", exception);
            }

            var code = await ReportAsync(host, recording.ToExchange(), parsed.GetValue(json)).ConfigureAwait(false);
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : code;
        });
        return command;
    }

    private static async Task AskAsync(CliHost host, ProviderOptions provider, ParseResult parsed, MemoryRecording recording, CancellationToken cancellationToken)
    {
        using var connection = provider.Open(parsed, host, recording.Wrap);
        try
        {
            await foreach (var _ in connection.Client.StreamAsync([new ChatMessage(ChatRole.User, Prompt)], provider.ToChatOptions(parsed), cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (StreamlineException) when (recording.HasResponse)
        {
            // The report tells it.
        }
    }

    private static async Task SendAsync(CliHost host, string address, string? data, string[] headers, MemoryRecording recording, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"url: expected an http or https address, found '{address}'.");
        }

        using var request = new HttpRequestMessage(data is null ? HttpMethod.Get : HttpMethod.Post, uri);
        if (data is not null)
        {
            var body = data.StartsWith('@') ? await File.ReadAllTextAsync(data[1..], cancellationToken).ConfigureAwait(false) : data;
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream, application/x-ndjson, application/json");
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !(request.Headers.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim()) || TrySetContentHeader(request.Content, header[..colon].Trim(), header[(colon + 1)..].Trim())))
            {
                throw new UsageException($"--header: expected 'Name: value', found '{header}'.");
            }
        }

        using var http = new HttpClient(recording.Wrap(host.CreateHandler())) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            await response.Content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && recording.HasResponse)
        {
            // The report tells it.
        }
    }

    private static bool TrySetContentHeader(HttpContent? content, string name, string value)
    {
        content?.Headers.Remove(name);
        return content?.Headers.TryAddWithoutValidation(name, value) ?? true; // without a body there is nothing to describe
    }

    // What has arrived is bounded, and reported after Ctrl+C too.
    private static async Task<int> ReportAsync(CliHost host, RecordedExchange exchange, bool isJson)
    {
        var body = exchange.GetBody();
        var inspection = ProtocolDetector.Detect(body) is { } protocol ? await ResponseInspection.CreateAsync(exchange, body, protocol, CancellationToken.None).ConfigureAwait(false) : null;
        var delivery = Delivery.Of(exchange, inspection?.Events.Count ?? Lines(body));
        if (isJson)
        {
            await host.Output.WriteLineAsync(inspection is null ? InspectionJson.Write(exchange, delivery) : InspectionJson.Write(inspection, withEvents: false, delivery)).ConfigureAwait(false);
        }
        else
        {
            var report = new StringBuilder(inspection is null ? $"exchange  {exchange}\n" : InspectionReport.Write(inspection, withEvents: false));
            if (inspection is null)
            {
                report.Append("protocol  none that is known: '").Append(TerminalText.Clean(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 80))).ReplaceLineEndings(" "))).Append("'\n");
                foreach (var hint in delivery.Oddities)
                {
                    report.Append("odd       ").Append(TerminalText.Clean(hint)).Append('\n');
                }
            }

            WriteArrivals(report, exchange);
            report.Append("verdict   ").Append(delivery.Verdict).Append('\n');
            await host.Output.WriteAsync(report, CancellationToken.None).ConfigureAwait(false);
        }

        return exchange.StatusCode is { } status && (int)status is >= 200 and < 300 && delivery.IsStreamed is not false ? ExitCode.Done : ExitCode.Failed;
    }

    private static void WriteArrivals(StringBuilder report, RecordedExchange exchange)
    {
        var pieces = Delivery.Bursts(exchange.Chunks);
        var largest = pieces.Select(piece => piece.Bytes).DefaultIfEmpty(1).Max();
        var step = Math.Max(1, (pieces.Count + MaxShownPieces - 1) / MaxShownPieces);
        for (var at = 0; at < pieces.Count; at += step)
        {
            var bytes = pieces.Skip(at).Take(step).Sum(piece => piece.Bytes);
            report.Append(CultureInfo.InvariantCulture, $"{pieces[at].At.TotalMilliseconds,8:F0} ms {bytes,8} bytes  ").Append('#', Math.Clamp(bytes * 40 / Math.Max(1, largest * step), 1, 40)).Append('\n');
        }
    }

    private static int Lines(ReadOnlySpan<byte> body) => body.Count((byte)'\n');
}
