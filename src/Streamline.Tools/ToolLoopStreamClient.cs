using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

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
        request = request with { Options = tools.Declare(request.Options) };
        for (var round = 1; ; round++)
        {
            var answers = new ToolAnswers(executor.Signals);
            var ledger = new ToolLedger(tools, callersTools, executor, answers);
            var state = new StreamState();
            var events = new ToolRound(Inner.StreamAsync(request, stop.Token), ledger, answers, stop).ReadAllAsync(cancellationToken);
            await foreach (var streamEvent in events.ConfigureAwait(false))
            {
                state.Apply(streamEvent);
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

            request = Next(request, state, answers);
        }
    }

    private static StreamRequest Next(StreamRequest request, StreamState state, ToolAnswers answers)
    {
        var answer = state.ToChatResponse().Messages;
        answers.RestoreContents(answer);
        var next = request.Options!;
        if (next.ToolMode is RequiredChatToolMode)
        {
            // A model that is forced to call a tool in every round would never come to an end.
            next = next.Clone();
            next.ToolMode = ChatToolMode.Auto;
        }

        return request with { Messages = [.. request.Messages, .. answer], Options = next };
    }
}
