namespace Streamline.Cli;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The stream, the provider, a file or a text failed. What had arrived was written.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be obeyed. Nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The answer ended before its end: the limit of tokens, a filter, a refusal.</summary>
    public const int Incomplete = 3;

    /// <summary>Ctrl+C, as shells number it.</summary>
    public const int Interrupted = 130;
}
