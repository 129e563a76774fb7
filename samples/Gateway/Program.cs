using GatewaySample;

// Serves the Anthropic and OpenAI APIs from one upstream. With --check it sends itself requests over every protocol, prints the answers and exits.
using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
var upstream = Upstream.FromEnvironment(http);
if (args is ["--check"])
{
    return await SelfCheck.RunAsync(upstream, Console.Out) ? 0 : 1;
}

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = builder.Build();
app.MapGateway(new Gateway(upstream.Client, upstream.Models, TimeProvider.System));
app.Logger.Answering(upstream.Description, string.Join(", ", upstream.Models));
await app.RunAsync();
return 0;
