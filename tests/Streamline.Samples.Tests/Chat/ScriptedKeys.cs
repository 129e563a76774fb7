using System.Threading.Channels;
using Spectre.Console;

namespace Streamline.Samples.Tests.Chat;

/// <summary>A keyboard whose keys a test presses.</summary>
internal sealed class ScriptedKeys : IAnsiConsoleInput
{
    private readonly Channel<ConsoleKey> _keys = Channel.CreateUnbounded<ConsoleKey>();

    public void Press(ConsoleKey key) => _keys.Writer.TryWrite(key);

    public bool IsKeyAvailable() => _keys.Reader.TryPeek(out _);

    public ConsoleKeyInfo? ReadKey(bool intercept) => throw new NotSupportedException();

    public async Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) =>
        new ConsoleKeyInfo('\0', await _keys.Reader.ReadAsync(cancellationToken), shift: false, alt: false, control: false);
}
