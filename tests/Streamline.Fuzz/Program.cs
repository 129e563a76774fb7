using Streamline.Fuzz;

// dotnet run -c Release --project tests/Streamline.Fuzz -- --minutes 10 --seed 1
// dotnet run -c Release --project tests/Streamline.Fuzz -- faults
if (args is ["faults", .. var rest])
{
    if (FaultArguments.TryParse(rest, out var faults))
    {
        return FaultTable.Run(faults, Console.Out);
    }
}
else if (FuzzArguments.TryParse(args, out var arguments))
{
    return JsonFuzzer.Run(arguments, TimeProvider.System, Console.Out);
}

Console.Error.WriteLine("""
    Usage: Streamline.Fuzz [--minutes N] [--seed N]
           Streamline.Fuzz faults [--count 1|2] [--write TEXTS.jsonl] [--peer NAME=OUTPUTS.jsonl]... [--show GROUP]
    """);
return 2;
