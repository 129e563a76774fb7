using System.Runtime.CompilerServices;

namespace Streamline.Tools;

/// <summary>Streams round after round until the model calls no more tools.</summary>
internal sealed class ToolLoopStreamClient(IStreamClient inner, ToolCatalog tools, ToolLoopOptions options, IServiceProvider? services) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamRoundsAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamRoundsAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var executor = new ToolExecutor(options, services, stop.Token);
        await using var ended = executor.ConfigureAwait(false);

        var callersTools = tools.NamesOfCallers(request.Options);
        var conversation = new ToolConversation(request with { Options = tools.Declare(request.Options) });
        for (var round = 1; ; round++)
        {
            var answers = new ToolAnswers(executor.Signals);
            var ledger = new ToolLedger(tools, callersTools, executor, answers);
            var events = new ToolRound(Inner.StreamAsync(conversation.Request, stop.Token), ledger, answers, stop)
                .ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
            await using (events.ConfigureAwait(false))
            {
                while (await conversation.MoveNextAsync(events).ConfigureAwait(false))
                {
                    yield return events.Current;
                }
            }

            if (!ledger.GoesOn)
            {
                yield break;
            }

            if (round == options.MaxRounds)
            {
                throw conversation.Explain(new StreamLimitException(nameof(ToolLoopOptions.MaxRounds), options.MaxRounds, round + 1));
            }

            conversation.GoOn(answers);
        }
    }
}
