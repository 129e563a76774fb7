using System.Net;
using System.Text;

namespace Streamline.Cli;

/// <summary>The real console, with Ctrl+C.</summary>
internal sealed class ConsoleHost : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly CancellationTokenSource _stopping = new();

    public ConsoleHost()
    {
        if (OperatingSystem.IsWindows())
        {
            (Console.OutputEncoding, Console.InputEncoding) = (Utf8, Utf8);
        }

        var isTerminal = !Console.IsOutputRedirected;
        Host = new CliHost
        {
            Input = Console.OpenStandardInput(),
            Output = new StreamWriter(Console.OpenStandardOutput(), Utf8),
            Error = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true },
            IsInputInteractive = !Console.IsInputRedirected,
            IsOutputTerminal = isTerminal,
            Width = isTerminal && Console.WindowWidth is > 0 and var width ? width : 80,
            GetVariable = Environment.GetEnvironmentVariable,
            CreateHandler = () => new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false },
            Stopping = _stopping.Token,
        };
        Console.CancelKeyPress += OnCancelKeyPress;
    }

    public CliHost Host { get; }

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKeyPress;
        try
        {
            Host.Output.Dispose();
        }
        catch (IOException)
        {
            // The output was flushed before, and the failure was reported then.
        }

        _stopping.Dispose();
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        // The second one ends the process, whatever it does.
        e.Cancel = !_stopping.IsCancellationRequested;
        if (Host.OnInterrupt?.Invoke() is not true)
        {
            _stopping.Cancel();
        }
    }
}
