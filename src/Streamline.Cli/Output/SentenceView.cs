namespace Streamline.Cli.Output;

/// <summary>Writes one sentence per line as soon as it is whole.</summary>
internal sealed class SentenceView(CliHost host) : AnswerView
{
    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var sentence in events.ReadSpokenTextAsync(cancellationToken: cancellationToken).ReadSentencesAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false))
        {
            var text = sentence.Text.Trim().ReplaceLineEndings(" ");
            await host.Output.WriteLineAsync(host.IsOutputTerminal ? TerminalText.Clean(text) : text).ConfigureAwait(false);
            await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
