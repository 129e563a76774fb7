namespace Streamline.Cli.Output;

/// <summary>Writes each event as a line of JSON.</summary>
internal sealed class JsonView(CliHost host) : AnswerView
{
    public override bool IsForPrograms => true;

    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await host.Output.WriteLineAsync(StreamEventJson.Serialize(streamEvent)).ConfigureAwait(false);
            await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
