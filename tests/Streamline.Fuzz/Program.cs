using Streamline.Fuzz;

// dotnet run -c Release --project tests/Streamline.Fuzz -- --minutes 10 --seed 1
if (!FuzzArguments.TryParse(args, out var arguments))
{
    Console.Error.WriteLine("Usage: Streamline.Fuzz [--minutes N] [--seed N]");
    return 2;
}

return JsonFuzzer.Run(arguments, TimeProvider.System, Console.Out);
