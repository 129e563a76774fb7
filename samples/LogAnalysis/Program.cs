using LogAnalysisSample;
using Streamline;
using Streamline.Testing;

// dotnet run --project samples/LogAnalysis -- /var/log/my.log     follows a file; Ctrl+C stops after what is written, again at once
// dotnet run --project samples/LogAnalysis                        writes a log of its own and follows it
var key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
using var http = key is not null ? new HttpClient() : new HttpClient(new ScriptedProvider(DemoModel.Respond).CreateHandler());
var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, key ?? "none", "claude-sonnet-4-5")).UseDefaults().Build();

using var stopping = new CancellationTokenSource();
using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    (stopping.IsCancellationRequested ? cancel : stopping).Cancel();
    press.Cancel = true;
};

if (args is [var path])
{
    await Analysis.RunAsync(client, LogFollower.FollowAsync(path, stopping.Token), Console.Out, cancel.Token);
    return;
}

var demo = Path.Combine(Directory.CreateTempSubdirectory("log-analysis").FullName, "shop.log");
try
{
    var writing = DemoLog.WriteAsync(demo, stopping);
    await Analysis.RunAsync(client, LogFollower.FollowAsync(demo, stopping.Token), Console.Out, cancel.Token);
    await writing;
}
finally
{
    Directory.Delete(Path.GetDirectoryName(demo)!, recursive: true);
}
