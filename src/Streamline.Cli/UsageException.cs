namespace Streamline.Cli;

/// <summary>The command line cannot be obeyed; the message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
