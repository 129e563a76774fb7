using Spectre.Console;
using Spectre.Console.Rendering;

namespace Streamline.Samples.Tests.Chat;

/// <summary>What a drawing looks like, as text without colours.</summary>
internal static class Drawing
{
    public const int Width = 100;

    public static string Of(IRenderable drawing)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(drawing);
        return string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');
    }
}
