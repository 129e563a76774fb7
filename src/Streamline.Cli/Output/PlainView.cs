namespace Streamline.Cli.Output;

/// <summary>Writes the text as it comes.</summary>
internal sealed class PlainView(CliHost host) : AnswerView
{
    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        var endsLine = true;
        try
        {
            await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (streamEvent is StreamRestarted && !endsLine)
                {
                    await host.Output.WriteLineAsync().ConfigureAwait(false);
                }

                if ((streamEvent as TextDelta)?.Text is { Length: > 0 } text)
                {
                    endsLine = text.EndsWith('\n');
                    await host.Output.WriteAsync(host.IsOutputTerminal ? TerminalText.Clean(text) : text).ConfigureAwait(false);
                    await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (!endsLine)
            {
                await host.Output.WriteLineAsync().ConfigureAwait(false);
            }
        }
    }
}
