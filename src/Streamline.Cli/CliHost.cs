namespace Streamline.Cli;

/// <summary>What the commands know of the world: streams, variables, the network and the clock. Tests replace it.</summary>
internal sealed class CliHost
{
    public required Stream Input { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Gets a value indicating whether a person types the input.</summary>
    public bool IsInputInteractive { get; init; }

    /// <summary>Gets a value indicating whether a person sees the output on a terminal.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Gets the width of the terminal, in columns.</summary>
    public int Width { get; init; } = 80;

    public Func<string, string?> GetVariable { get; init; } = static _ => null;

    /// <summary>Gets what makes the handler of an HTTP client. The client owns it.</summary>
    public required Func<HttpMessageHandler> CreateHandler { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets or sets what Ctrl+C does first; <see langword="false"/> from it, or none, ends the command.</summary>
    public Func<bool>? OnInterrupt { get; set; }

    /// <summary>Gets the token that is cancelled when the command is to end.</summary>
    public CancellationToken Stopping { get; init; }

    public string? Variable(string name) => GetVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    /// <summary>Writes a line for the person, beside the output.</summary>
    public void Note(string text)
    {
        try
        {
            Output.Flush();
        }
        catch (IOException)
        {
            // A full disk or a closed pipe ends the command, but not before it is told.
        }

        Error.WriteLine(TerminalText.Clean(text));
        Error.Flush();
    }
}
