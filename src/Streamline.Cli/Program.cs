using Streamline.Cli;

using var console = new ConsoleHost();
return await CliApp.RunAsync(args, console.Host).ConfigureAwait(false);
