using System.Runtime.CompilerServices;

namespace Streamline.Tools;

/// <summary>Streams round after round until the model calls no more tools.</summary>
internal sealed class ToolLoopStreamClient(IStreamClient inner, ToolCatalog tools, ToolLoopOptions options, IServiceProvider? services) : DelegatingStreamClient(inner)
{
    private readonly long _maxRetainedChars = (inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata ?? new StreamClientMetadata { Provider = "" }).MaxRetainedChars;

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamFold.Create((state, token) => StreamRoundsAsync(request, state, token), _maxRetainedChars, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamRoundsAsync(StreamRequest request, StreamState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var executor = new ToolExecutor(options, services, stop.Token);
        await using var ended = executor.ConfigureAwait(false);

        var callersTools = tools.NamesOfCallers(request.Options);
        var conversation = new ToolConversation(request with { Options = tools.Declare(request.Options) }, state);
        for (var round = 1; ; round++)
        {
            var answers = new ToolAnswers(executor.Signals, state);
            var ledger = new ToolLedger(tools, callersTools, executor, answers);
            await foreach (var streamEvent in new ToolRound(Inner.StreamAsync(conversation.Request, stop.Token), ledger, answers, stop)
                .ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return streamEvent;
            }

            if (!ledger.GoesOn)
            {
                yield break;
            }

            if (round == options.MaxRounds)
            {
                throw new StreamLimitException(nameof(ToolLoopOptions.MaxRounds), options.MaxRounds, round + 1);
            }

            conversation.GoOn();
        }
    }
}
