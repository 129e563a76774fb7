using System.Globalization;

namespace Streamline.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Minutes">How long to go on.</param>
/// <param name="Seed">The seed of the first text; each further text has the next one.</param>
internal sealed record FuzzArguments(double Minutes, int Seed)
{
    public static bool TryParse(string[] args, out FuzzArguments arguments)
    {
        arguments = new FuzzArguments(Minutes: 1, Seed: 1);
        for (var index = 0; index < args.Length; index += 2)
        {
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
