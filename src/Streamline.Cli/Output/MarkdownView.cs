using Streamline.Cli.Markdown;

namespace Streamline.Cli.Output;

/// <summary>Draws Markdown while it streams.</summary>
/// <param name="host">The terminal.</param>
/// <param name="ansi">The styles; <see langword="null"/> for none.</param>
/// <param name="theme">The colours of code; <see langword="null"/> for none.</param>
internal sealed class MarkdownView(CliHost host, Ansi? ansi, string? theme) : AnswerView
{
    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        var printer = new MarkdownPrinter(host.Output, ansi, host.Width) { Theme = theme, IsLive = host.IsOutputTerminal };
        try
        {
            await foreach (var markdownEvent in events.ReadMarkdownAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                printer.Print(markdownEvent);
                await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            printer.End();
        }
    }
}
