using System.Runtime.CompilerServices;
using Polly;

namespace Streamline;

/// <summary>Sends a failed request again; see <see cref="RetryOptions"/>.</summary>
internal sealed class RetryStreamClient(IStreamClient inner, RetryOptions options) : DelegatingStreamClient(inner)
{
    private readonly ResiliencePipeline _pipeline = RetryPipeline.Build(options);

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamCoreAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamCoreAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = new RetryRun(Inner, request, options, _pipeline, cancellationToken);
        await using (run.ConfigureAwait(false))
        {
            do
            {
                // Until content comes, the attempts and the delays between them go on behind the notices.
                await foreach (var notice in run.Open().ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    yield return notice;
                }

                foreach (var held in await run.OpenedAsync().ConfigureAwait(false))
                {
                    yield return run.Show(held);
                }

                while (await run.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return run.Show(run.Current);
                }
            }
            while (run.IsBroken);
        }
    }
}
