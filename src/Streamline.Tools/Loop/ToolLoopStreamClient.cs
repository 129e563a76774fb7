using Microsoft.Extensions.Logging;

namespace Streamline.Tools;

/// <summary>A client that runs the tools which the model calls: what its streams share.</summary>
internal sealed class ToolLoopStreamClient(IStreamClient inner, IReadOnlyList<RunnableTool> tools, ToolLoopOptions options, IServiceProvider? services) : DelegatingStreamClient(inner)
{
    private readonly long _maxRetainedChars = (inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata ?? new StreamClientMetadata { Provider = "" }).MaxRetainedChars;

    public ToolLoopOptions Options => options;

    public IServiceProvider? Services => services;

    public IReadOnlyList<RunnableTool> Tools => tools;

    /// <summary>The tools of a request that has none of its own.</summary>
    public ToolCatalog Catalog { get; } = ToolCatalog.Create(tools, []);

    public ToolLockTable Locks { get; } = new();

    public ApprovalSigner Signer { get; } = new(options.Approvals, options.Clock);

    public ILogger? Logger { get; } = (options.LoggerFactory ?? services?.GetService(typeof(ILoggerFactory)) as ILoggerFactory)?.CreateLogger("Streamline.Tools");

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
        StreamFold.Create((state, token) => new ToolLoop(this, Inner, request, state, token), _maxRetainedChars, cancellationToken);
}
