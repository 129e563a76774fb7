using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Interop.Tests.Gateway;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Npm;

/// <summary>Runs a script of npm clients once, against every server and with every case, and keeps what they read.</summary>
internal static class NodeClients
{
    public const string Folder = "tests/Streamline.Interop.Tests/node";

    /// <summary>Our encoders, over a loopback socket.</summary>
    public const string Direct = "direct";

    /// <summary>The gateway, whose upstream speaks Anthropic's wire.</summary>
    public const string GatewayToAnthropic = "gateway-to-anthropic";

    /// <summary>The gateway, whose upstream speaks Chat Completions.</summary>
    public const string GatewayToOpenAI = "gateway-to-openai";

    private static readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> Runs = new(StringComparer.Ordinal);

    /// <summary>Gets what a client read.</summary>
    /// <param name="script">The script.</param>
    /// <param name="client">The client in the script.</param>
    /// <param name="server">The server.</param>
    /// <param name="name">The case of <see cref="InteropCases"/>.</param>
    public static async Task<NodeRead> ReadAsync(string script, string client, string server, string name)
    {
        var results = await Runs.GetOrAdd(script, key => new(() => RunAsync(key))).Value;
        return new NodeRead(results.GetProperty($"{client} {server} {name}"));
    }

    private static async Task<JsonElement> RunAsync(string script)
    {
        await using var direct = await ScriptedProviderHost.StartAsync(new ScriptedProvider(InteropCases.Reply));
        await using var toAnthropic = await GatewayHost.StartAsync(new ScriptedProvider(InteropCases.Reply), StreamProtocols.Anthropic, InteropCases.All);
        await using var toOpenAI = await GatewayHost.StartAsync(new ScriptedProvider(InteropCases.Reply), StreamProtocols.OpenAIChat, InteropCases.All);
        var input = new JsonObject
        {
            ["servers"] = new JsonObject
            {
                [Direct] = Address(direct.BaseAddress),
                [GatewayToAnthropic] = Address(toAnthropic.BaseAddress),
                [GatewayToOpenAI] = Address(toOpenAI.BaseAddress),
            },
            ["cases"] = new JsonArray([.. InteropCases.All.Select(name => (JsonNode)name)]),
        };
        return JsonElement.Parse(await RunAsync(script, input.ToJsonString()).OrFail());
    }

    private static string Address(Uri address) => address.ToString().TrimEnd('/');

    /// <summary>Runs a script with an input, and gives what it wrote.</summary>
    public static async Task<string> RunAsync(string script, string input)
    {
        var start = new ProcessStartInfo(NodePackages.Node!, [script])
        {
            WorkingDirectory = Repository.Combine(Folder.Split('/')),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Keys and proxies of this machine are none of the clients' business.
        foreach (var name in start.Environment.Keys.Where(IsPrivate).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().OrFail();
            await process.WaitForExitAsync().OrFail();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsPrivate(string name) =>
        name.StartsWith("ANTHROPIC_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OPENAI_", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
}
