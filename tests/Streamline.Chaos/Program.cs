using Streamline.Chaos;
using Streamline.Chaos.Conversations;

// dotnet run -c Release --project tests/Streamline.Chaos -- --seconds 60
if (ChaosArguments.TryParse(args, out var arguments))
{
    return await ConversationReport.RunAsync(arguments, TimeProvider.System, Console.Out);
}

Console.Error.WriteLine("Usage: Streamline.Chaos [--seconds N] [--first SEED] [--seed SEED] [--cuts N] [--report FILE]");
return 2;
