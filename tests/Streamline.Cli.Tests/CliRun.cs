using System.Text;

namespace Streamline.Cli.Tests;

/// <summary>Runs a command in this process, with a world of its own.</summary>
internal sealed class CliRun
{
    public string Input { get; init; } = "";

    public bool IsTerminal { get; init; }

    public Func<HttpMessageHandler> CreateHandler { get; init; } = static () => throw new InvalidOperationException("The command uses the network.");

    public Dictionary<string, string> Variables { get; init; } = [];

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public CancellationToken Stopping { get; init; }

    public CapturedText Output { get; } = new();

    public CapturedText Error { get; } = new();

    public static async Task<CliRun> OfAsync(string commandLine, CliRun? run = null)
    {
        run ??= new CliRun();
        (await run.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Should().Be(0, run.Error.ToString());
        return run;
    }

    public async Task<int> RunAsync(params string[] args)
    {
        using var output = Output.CreateWriter();
        using var error = Error.CreateWriter();
        var host = new CliHost
        {
            Input = new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Output = output,
            Error = error,
            IsOutputTerminal = IsTerminal,
            GetVariable = name => Variables.GetValueOrDefault(name),
            CreateHandler = CreateHandler,
            TimeProvider = TimeProvider,
            Stopping = Stopping,
        };
        return await CliApp.RunAsync(args, host).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
    }
}
