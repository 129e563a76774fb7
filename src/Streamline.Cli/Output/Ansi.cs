using System.Globalization;

namespace Streamline.Cli.Output;

/// <summary>Styles of text on a terminal.</summary>
/// <param name="isTrueColor">Whether the terminal knows 24-bit colours; if not, the nearest of 256 are used.</param>
internal sealed class Ansi(bool isTrueColor)
{
    public const string Reset = "\e[0m";
    public const string Bold = "\e[1m";
    public const string Dim = "\e[2m";
    public const string Italic = "\e[3m";
    public const string Underline = "\e[4m";
    public const string Strike = "\e[9m";
    public const string Code = "\e[36m";

    /// <summary>What goes back to the beginning of the line and empties it.</summary>
    public const string EraseLine = "\r\e[K";

    /// <summary>Gives what sets a colour.</summary>
    /// <param name="color">As <c>#569CD6</c>, further digits ignored.</param>
    public string Foreground(string color)
    {
        var rgb = int.Parse(color.AsSpan(1, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var (red, green, blue) = (rgb >> 16, (rgb >> 8) & 255, rgb & 255);
        return isTrueColor
            ? string.Create(CultureInfo.InvariantCulture, $"\e[38;2;{red};{green};{blue}m")
            : string.Create(CultureInfo.InvariantCulture, $"\e[38;5;{16 + (36 * Step(red)) + (6 * Step(green)) + Step(blue)}m");
    }

    // The six steps of the colour cube: 0, 95, 135, 175, 215, 255.
    private static int Step(int value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}
