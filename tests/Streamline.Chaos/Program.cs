using Streamline.Chaos;
using Streamline.Chaos.Conversations;
using Streamline.Chaos.Cuts;

// dotnet run -c Release --project tests/Streamline.Chaos -- --seconds 60
// dotnet run -c Release --project tests/Streamline.Chaos -- --cuts 100000
if (ChaosArguments.TryParse(args, out var arguments))
{
    return arguments.Cuts is null
        ? await ConversationReport.RunAsync(arguments, TimeProvider.System, Console.Out)
        : await CutReport.RunAsync(arguments, TimeProvider.System, Console.Out);
}

Console.Error.WriteLine("Usage: Streamline.Chaos [--seconds N] [--first SEED] [--seed SEED] [--cuts N] [--report FILE]");
return 2;
