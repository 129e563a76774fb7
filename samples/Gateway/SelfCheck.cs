using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Starts the gateway on a free port and asks it as clients of every protocol do.</summary>
internal static class SelfCheck
{
    private const string Question = "Is anybody there?";

    private static readonly (StreamProtocol Wire, string BaseAddress, string Path)[] Wires =
    [
        (StreamProtocols.Anthropic, "/", "/v1/messages"),
        (StreamProtocols.OpenAIChat, "/v1/", "/v1/chat/completions"),
        (StreamProtocols.OpenAIResponses, "/v1/", "/v1/responses"),
    ];

    public static async Task<bool> RunAsync(Upstream upstream, TextWriter output)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGateway(new Gateway(upstream.Client, upstream.Models, TimeProvider.System));
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var http = new HttpClient { BaseAddress = address };
        await output.WriteLineAsync($"Answered by {upstream.Description}.");

        var isWell = true;
        foreach (var (protocol, baseAddress, path) in Wires)
        {
            var options = new StreamClientOptions { ApiKey = "any", BaseAddress = new Uri(address, baseAddress), Model = upstream.Models[0] };
            isWell &= await ReportAsync(output, $"{protocol.Name}, streamed", StreamedAsync(protocol.CreateClient(http, options)));
            isWell &= await ReportAsync(output, $"{protocol.Name}, whole", WholeAsync(http, path, upstream.Models[0]));
            isWell &= await ReportAsync(output, $"{protocol.Name}, unknown model", RefusedAsync(http, path));
        }

        await output.WriteLineAsync(isWell ? "All is well." : "Something is wrong.");
        return isWell;
    }

    private static async Task<bool> ReportAsync(TextWriter output, string what, Task<string> check)
    {
        try
        {
            await output.WriteLineAsync($"{what}: {await check}");
            return true;
        }
        catch (Exception exception) when (exception is StreamlineException or HttpRequestException or InvalidOperationException)
        {
            await output.WriteLineAsync($"{what}: FAILED: {exception.Message}");
            return false;
        }
    }

    private static async Task<string> StreamedAsync(IStreamClient client)
    {
        var text = new StringBuilder();
        await foreach (var piece in client.StreamTextAsync(Question))
        {
            text.Append(piece);
        }

        return text.Length > 0 ? text.ToString() : throw new InvalidOperationException("the answer has no text");
    }

    private static async Task<string> WholeAsync(HttpClient http, string path, string model)
    {
        using var response = await http.PostAsync(path, Body(model));
        response.EnsureSuccessStatusCode();
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var text = path switch
        {
            "/v1/messages" => TextIn(body["content"]),
            "/v1/chat/completions" => (string?)body["choices"]![0]!["message"]!["content"],
            _ => TextIn(body["output"]!.AsArray()[^1]!["content"]),
        };
        return text ?? throw new InvalidOperationException("the answer has no text");
    }

    private static string? TextIn(JsonNode? blocks) => blocks!.AsArray().Select(block => (string?)block!["text"]).FirstOrDefault(text => text is not null);

    private static async Task<string> RefusedAsync(HttpClient http, string path)
    {
        using var response = await http.PostAsync(path, Body("no-such-model"));
        return response.StatusCode == HttpStatusCode.NotFound
            ? (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"] ?? ""
            : throw new InvalidOperationException($"found status {(int)response.StatusCode}, expected 404");
    }

    private static StringContent Body(string model) => new(
        new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = 100,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Question }),
            ["input"] = Question,
        }.ToJsonString(),
        Encoding.UTF8,
        "application/json");
}
