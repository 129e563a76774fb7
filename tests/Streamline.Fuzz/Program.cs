using Streamline.Fuzz;

// dotnet run -c Release --project tests/Streamline.Fuzz -- [json|protocols] --minutes 10 --seed 1
var isProtocols = args is ["protocols", ..];
if (!FuzzArguments.TryParse(args is ["json" or "protocols", ..] ? args[1..] : args, out var arguments))
{
    Console.Error.WriteLine("Usage: Streamline.Fuzz [json|protocols] [--minutes N] [--seed N]");
    return 2;
}

return isProtocols
    ? await ProtocolFuzzer.RunAsync(arguments, TimeProvider.System, Console.Out)
    : JsonFuzzer.Run(arguments, TimeProvider.System, Console.Out);
