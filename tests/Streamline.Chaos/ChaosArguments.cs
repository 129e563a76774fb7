using System.Globalization;

namespace Streamline.Chaos;

/// <summary>What the command line asks for.</summary>
internal sealed record ChaosArguments
{
    /// <summary>Gets for how long conversations are held, or for how long one is held again and again.</summary>
    public double? Seconds { get; init; }

    /// <summary>Gets how many conversations are held; <see langword="null"/> for as many as there is time for.</summary>
    public int? Count
    {
        get => field ?? (Seed is not null && Seconds is null ? 1 : null);
        init;
    }

    /// <summary>Gets the only seed; <see langword="null"/> for all from <see cref="FirstSeed"/> on.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the first seed.</summary>
    public int FirstSeed { get; init; } = 1;

    /// <summary>Gets how many answers are cut; <see langword="null"/> to hold conversations.</summary>
    public int? Cuts { get; init; }

    /// <summary>Gets the file that the report is written to; <see langword="null"/> for none.</summary>
    public string? ReportPath { get; init; }

    public static bool TryParse(string[] args, out ChaosArguments arguments)
    {
        arguments = new ChaosArguments();
        for (var index = 0; index < args.Length; index += 2)
        {
            if (index + 1 == args.Length)
            {
                return false;
            }

            var isNumber = double.TryParse(args[index + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0;
            switch (args[index])
            {
                case "--seconds" when isNumber:
                    arguments = arguments with { Seconds = number };
                    break;
                case "--cuts" when isNumber:
                    arguments = arguments with { Cuts = (int)number };
                    break;
                case "--first" when isNumber:
                    arguments = arguments with { FirstSeed = (int)number };
                    break;
                case "--seed" when isNumber:
                    arguments = arguments with { Seed = (int)number, FirstSeed = (int)number };
                    break;
                case "--report":
                    arguments = arguments with { ReportPath = args[index + 1] };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
