namespace Streamline.Chaos.Leaks;

/// <summary>Collects the failures of tasks that nobody observed.</summary>
internal sealed class UnobservedFailures : IDisposable
{
    private readonly List<Exception> _failures = [];

    public UnobservedFailures() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>Gets those that have to do with this library.</summary>
    public IReadOnlyList<Exception> Take()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_failures)
        {
            return [.. _failures.Where(failure => failure.ToString().Contains(nameof(Streamline), StringComparison.Ordinal))];
        }
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments)
    {
        lock (_failures)
        {
            _failures.Add(arguments.Exception);
        }
    }
}
