namespace Streamline.Fuzz;

/// <summary>What the command line asks of the table of faults.</summary>
internal sealed class FaultArguments
{
    /// <summary>Gets how many faults each text has: 1 or 2.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Gets the file that the texts are written to, one JSON object a line; <see langword="null"/> for none.</summary>
    public string? TextsPath { get; private set; }

    /// <summary>Gets the other libraries that are scored: their name, and the file with what they made of the texts.</summary>
    public List<(string Name, string Path)> Peers { get; } = [];

    /// <summary>Gets the group of faults, such as <c>, deleted</c>, of which the texts that are not repaired exactly are printed; <see langword="null"/> for none.</summary>
    public string? Shown { get; private set; }

    /// <summary>Gets the reading of which they are printed.</summary>
    public string ShownReading { get; private set; } = "whole";

    public static bool TryParse(string[] args, out FaultArguments arguments)
    {
        arguments = new FaultArguments();
        for (var index = 0; index < args.Length; index += 2)
        {
            if (index + 1 == args.Length || !arguments.TrySet(args[index], args[index + 1]))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--count" when value is "1" or "2":
                Count = value[0] - '0';
                return true;
            case "--write":
                TextsPath = value;
                return true;
            case "--peer" when value.Split('=', 2) is [var peer, var path]:
                Peers.Add((peer, path));
                return true;
            case "--reading" when FaultReading.All.Any(reading => reading.Name == value):
                ShownReading = value;
                return true;
            case "--show":
                Shown = value;
                return true;
            default:
                return false;
        }
    }
}
