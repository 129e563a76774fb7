using Spectre.Console;
using Spectre.Console.Rendering;

namespace Streamline.Samples.Tests.Chat;

/// <summary>A console with another keyboard.</summary>
internal sealed class KeyedConsole(IAnsiConsole inner, IAnsiConsoleInput input) : IAnsiConsole
{
    public IAnsiConsoleInput Input => input;

    public Profile Profile => inner.Profile;

    public IAnsiConsoleCursor Cursor => inner.Cursor;

    public IExclusivityMode ExclusivityMode => inner.ExclusivityMode;

    public RenderPipeline Pipeline => inner.Pipeline;

    public void Clear(bool home) => inner.Clear(home);

    public void Write(IRenderable renderable) => inner.Write(renderable);
}
