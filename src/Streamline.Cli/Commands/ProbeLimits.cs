using System.Globalization;

namespace Streamline.Cli.Commands;

/// <summary>Ends the reading of a probe: after a time, at a size, or at Ctrl+C. What has arrived is then reported.</summary>
internal sealed class ProbeLimits : IDisposable
{
    private readonly double _seconds;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _interrupt;
    private bool _isFull;

    public ProbeLimits(double seconds, int maxBytes, TimeProvider timeProvider, CancellationToken interrupt)
    {
        (_seconds, MaxBytes, _interrupt) = (seconds, maxBytes, interrupt);
        _time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), timeProvider);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, interrupt);
    }

    public int MaxBytes { get; }

    /// <summary>Gets the token that ends the reading.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Gets what ended the reading, in words.</summary>
    public string Reason =>
        _isFull ? string.Create(CultureInfo.InvariantCulture, $"Stopped at {MaxBytes} bytes (--max-bytes)")
        : _interrupt.IsCancellationRequested ? "Interrupted"
        : string.Create(CultureInfo.InvariantCulture, $"Stopped after {_seconds} s (--max-time)");

    /// <summary>The recording has reached its size.</summary>
    public void StopAtSize()
    {
        _isFull |= !_stop.IsCancellationRequested;
        _stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _time.Dispose();
    }
}
