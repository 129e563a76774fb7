using System.Runtime.InteropServices;
using System.Text.Json;

namespace Streamline.Text;

/// <summary>Runs analyses, and keeps what they find in the order of the text.</summary>
internal sealed class PendingFindings : IAsyncDisposable
{
    private readonly string _name;
    private readonly Func<TextSegment, CancellationToken, ValueTask<JsonElement?>> _analyze;
    private readonly TextAnalysisOptions _options;
    private readonly SemaphoreSlim _running;
    private readonly CancellationTokenSource _stop;
    private readonly List<Task> _dropped = [];
    private Queue<Pending> _pending = new();

    public PendingFindings(
        string name, Func<TextSegment, CancellationToken, ValueTask<JsonElement?>> analyze, TextAnalysisOptions options, CancellationToken cancellationToken)
    {
        (_name, _analyze, _options) = (name, analyze, options);
        _running = new SemaphoreSlim(options.MaxConcurrency);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public bool IsEmpty => _pending.Count == 0;

    public bool IsFull => _pending.Count >= _options.MaxPending;

    /// <summary>Gets the analysis whose findings come next; <see langword="null"/> when none is pending.</summary>
    public Task? First => _pending.TryPeek(out var first) ? first.Finding : null;

    public void Start(TextSegment segment) => _pending.Enqueue(new Pending(segment.Index, RunAsync(segment)));

    /// <summary>Takes the findings that come next, waiting for them.</summary>
    /// <returns>The findings; <see langword="null"/> when nothing was found.</returns>
    public async ValueTask<TextFinding?> TakeAsync() => await _pending.Dequeue().Finding.ConfigureAwait(false);

    /// <summary>Forgets the analyses of blocks that were discarded.</summary>
    public void Discard(IReadOnlyList<int> indexes)
    {
        _dropped.RemoveAll(task => task.IsCompleted);
        _dropped.AddRange(_pending.Where(pending => indexes.Contains(pending.Index)).Select(pending => pending.Finding));
        _pending = new Queue<Pending>(_pending.Where(pending => !indexes.Contains(pending.Index)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelSafelyAsync().ConfigureAwait(false);
        foreach (var task in _dropped.Concat(_pending.Select(pending => pending.Finding)))
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
        _running.Dispose();
    }

    private async Task<TextFinding?> RunAsync(TextSegment segment)
    {
        var token = _stop.Token;
        await _running.WaitAsync(token).ConfigureAwait(false);
        try
        {
            // On the thread pool, so that an analysis that computes does not hold up the stream.
            var result = await new ValueTask<JsonElement?>(Task.Run(() => _analyze(segment, token).AsTask(), token)).LeaveWhenCancelledAsync(token).ConfigureAwait(false);
            return result is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } ? Finding(segment, result, failure: null) : null;
        }
        catch (Exception exception) when (!_options.FailStream && !token.IsCancellationRequested)
        {
            return Finding(segment, result: null, exception);
        }
        finally
        {
            _running.Release();
        }
    }

    private TextFinding Finding(TextSegment segment, JsonElement? result, Exception? failure) => new()
    {
        Name = _name,
        Index = segment.Index,
        Start = segment.Start,
        Length = segment.Text.Length,
        Result = result,
        Error = failure?.GetType().Name,
        Exception = failure,
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pending(int Index, Task<TextFinding?> Finding);
}
