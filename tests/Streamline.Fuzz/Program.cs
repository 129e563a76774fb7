using Streamline.Fuzz;

// dotnet run -c Release --project tests/Streamline.Fuzz -- [json|protocols] --minutes 10 --seed 1 --mode guess
// dotnet run -c Release --project tests/Streamline.Fuzz -- faults
if (args is ["faults", .. var rest])
{
    if (FaultArguments.TryParse(rest, out var faults))
    {
        return FaultTable.Run(faults, Console.Out);
    }
}
else if (FuzzArguments.TryParse(args is ["json" or "protocols", ..] ? args[1..] : args, out var arguments))
{
    return args is ["protocols", ..]
        ? await ProtocolFuzzer.RunAsync(arguments, TimeProvider.System, Console.Out)
        : JsonFuzzer.Run(arguments, TimeProvider.System, Console.Out);
}

Console.Error.WriteLine("""
    Usage: Streamline.Fuzz [json|protocols] [--minutes N] [--seed N] [--mode strict|truncated|safe|guess|schema]
           Streamline.Fuzz faults [--count 1|2] [--write TEXTS.jsonl] [--peer NAME=OUTPUTS.jsonl]... [--show GROUP]
    """);
return 2;
