using System.Globalization;

namespace Streamline.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Minutes">How long to go on.</param>
/// <param name="Seed">The seed of the first text; each further text has the next one.</param>
/// <param name="Mode">In which mode JSON is read.</param>
internal sealed record FuzzArguments(double Minutes, int Seed, FuzzMode Mode)
{
    public static bool TryParse(string[] args, out FuzzArguments arguments)
    {
        arguments = new FuzzArguments(Minutes: 1, Seed: 1, FuzzMode.All);
        for (var index = 0; index < args.Length; index += 2)
        {
            if (index + 1 < args.Length && args[index] == "--mode" && Enum.TryParse<FuzzMode>(args[index + 1], ignoreCase: true, out var mode))
            {
                arguments = arguments with { Mode = mode };
                continue;
            }

            if (index + 1 == args.Length || !double.TryParse(args[index + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            switch (args[index])
            {
                case "--minutes":
                    arguments = arguments with { Minutes = value };
                    break;
                case "--seed":
                    arguments = arguments with { Seed = (int)value };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}

/// <summary>In which mode JSON is read.</summary>
internal enum FuzzMode
{
    /// <summary>In all of them, one after the other.</summary>
    All,

    /// <summary>Without repairs; a text that is cut short is an error.</summary>
    Strict,

    /// <summary>Without repairs.</summary>
    Truncated,

    /// <summary>With safe repairs.</summary>
    Safe,

    /// <summary>With guesses.</summary>
    Guess,

    /// <summary>With guesses and a schema.</summary>
    Schema,
}
