using System.CommandLine;
using System.Globalization;

namespace Streamline.Cli.Commands;

/// <summary>The options that say how long a probe reads, and how much.</summary>
internal sealed class ProbeLimitOptions
{
    private const double DefaultSeconds = 120;
    private const double MostSeconds = 86_400;
    private const int DefaultBytes = 16 * 1024 * 1024;
    private const int MostBytes = 1024 * 1024 * 1024;

    private readonly Option<double> _maxTime = NumberOption.Create<double>("--max-time", "Seconds after which to stop and report what has arrived.", () => DefaultSeconds);
    private readonly Option<int> _maxBytes = NumberOption.Create("--max-bytes", "Bytes of the recorded response at which to stop and report what has arrived.", () => DefaultBytes);

    public void AddTo(Command command)
    {
        command.Options.Add(_maxTime);
        command.Options.Add(_maxBytes);
    }

    /// <summary>Begins to count.</summary>
    /// <exception cref="UsageException">A limit is out of range.</exception>
    public ProbeLimits Start(ParseResult parsed, TimeProvider timeProvider, CancellationToken interrupt)
    {
        var (seconds, bytes) = (parsed.GetValue(_maxTime), parsed.GetValue(_maxBytes));
        if (!(seconds > 0 && seconds <= MostSeconds))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--max-time: expected more than 0 and at most {MostSeconds} seconds, found {seconds}."));
        }

        return bytes is > 0 and <= MostBytes
            ? new ProbeLimits(seconds, bytes, timeProvider, interrupt)
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--max-bytes: expected 1 to {MostBytes}, found {bytes}."));
    }
}
