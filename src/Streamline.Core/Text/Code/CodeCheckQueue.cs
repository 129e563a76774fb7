using System.Text;

namespace Streamline.Text;

/// <summary>Decides which code is checked next: that of blocks that have ended, in their order, then that of the growing one.</summary>
internal sealed class CodeCheckQueue : IAsyncDisposable
{
    private const int MaxWaiting = 4;
    private const int LeastGrowth = 32;

    private readonly Func<CodeSnapshot, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>?>> _check;
    private readonly CancellationTokenSource _stop;
    private readonly StringBuilder _code = new(); // of the growing block
    private readonly Queue<CodeSnapshot> _ended = new();
    private CodeBlockStarted? _growing;
    private IReadOnlyList<CodeDiagnostic> _shown = []; // of the growing block
    private int _nextLength;
    private bool _hasNewLine;
    private bool _isFinal;
    private bool _isDiscarded;
    private CodeSnapshot? _checked; // by the running check
    private Task<IReadOnlyList<CodeDiagnostic>?>? _running;

    public CodeCheckQueue(Func<CodeSnapshot, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>?>> check, CancellationToken cancellationToken)
    {
        _check = check;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Gets the check that runs; <see langword="null"/> when none does.</summary>
    public Task? Running => _running;

    /// <summary>Gets a value indicating whether more blocks wait than may.</summary>
    public bool IsFull => _ended.Count >= MaxWaiting;

    public void Add(CodeBlockEvent codeEvent)
    {
        switch (codeEvent)
        {
            case CodeBlockStarted started:
                (_growing, _nextLength, _hasNewLine, _shown) = (started, LeastGrowth, false, []);
                _code.Clear();
                break;
            case CodeBlockDelta { Id: not null } delta:
                _code.Append(delta.Text);
                _hasNewLine |= delta.Text.Contains('\n', StringComparison.Ordinal);
                break;
            case CodeBlockEnded ended when _growing is not null:
                _ended.Enqueue(Snapshot(ended.IsComplete));
                _growing = null;
                break;
            case CodeBlocksRestarted restarted:
                Discard(restarted.FirstDiscardedId);
                break;
            default:
                break;
        }
    }

    /// <summary>Starts the next check if none runs and there is something to check.</summary>
    public void StartNext()
    {
        if (_running is not null)
        {
            return;
        }

        if (_ended.TryDequeue(out var ended))
        {
            (_checked, _isFinal) = (ended, true);
        }
        else if (_growing is not null && _hasNewLine && _code.Length >= _nextLength)
        {
            (_checked, _isFinal, _hasNewLine) = (Snapshot(isComplete: false), false, false);
            _nextLength = _code.Length + Math.Max(LeastGrowth, _code.Length / 8);
        }
        else
        {
            return;
        }

        var (snapshot, token) = (_checked, _stop.Token);
        _isDiscarded = false;
        _running = new ValueTask<IReadOnlyList<CodeDiagnostic>?>(Task.Run(() => _check(snapshot, token).AsTask(), token)).LeaveWhenCancelledAsync(token).AsTask();
    }

    /// <summary>Takes the findings of the running check, waiting for them.</summary>
    /// <returns>The findings; <see langword="null"/> when there is nothing new to tell.</returns>
    public async ValueTask<CodeDiagnosticsFound?> TakeAsync()
    {
        var running = _running!;
        _running = null;
        var found = await running.ConfigureAwait(false);
        if (found is null || _isDiscarded)
        {
            return null;
        }

        if (!_isFinal)
        {
            if (_growing?.Id != _checked!.Id || found.SequenceEqual(_shown))
            {
                return null;
            }

            _shown = found;
        }

        return new CodeDiagnosticsFound { Code = _checked!, IsFinal = _isFinal, Diagnostics = found };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelSafelyAsync().ConfigureAwait(false);
        if (_running is not null)
        {
            await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private CodeSnapshot Snapshot(bool isComplete) => new() { Id = _growing!.Id, Info = _growing.Info, Text = _code.ToString(), IsComplete = isComplete };

    private void Discard(int firstId)
    {
        _isDiscarded = _running is not null && _checked!.Id >= firstId;
        _growing = null;
        var kept = _ended.Where(ended => ended.Id < firstId).ToList();
        _ended.Clear();
        kept.ForEach(_ended.Enqueue);
    }
}
