using Streamline;
using Streamline.Protocols;
using Streamline.Testing;

namespace ChatSample;

/// <summary>Which provider answers: a real one when its key or address is in the environment, else the embedded one over a loopback socket.</summary>
internal sealed class ProviderChoice : IAsyncDisposable
{
    private readonly ScriptedProviderHost? _embedded;

    private ProviderChoice(string description, StreamProtocol protocol, StreamClientOptions options, ScriptedProviderHost? embedded = null)
    {
        Description = description;
        Protocol = protocol;
        Options = options;
        _embedded = embedded;
    }

    public string Description { get; }

    public StreamProtocol Protocol { get; }

    public StreamClientOptions Options { get; }

    public static async Task<ProviderChoice> FromEnvironmentAsync()
    {
        var model = Variable("STREAMLINE_MODEL");
        if (Variable("ANTHROPIC_API_KEY") is { } anthropicKey)
        {
            return new ProviderChoice("Anthropic", StreamProtocols.Anthropic, new StreamClientOptions { ApiKey = anthropicKey, BaseAddress = Address("ANTHROPIC_BASE_URL"), Model = model ?? "claude-sonnet-4-5" });
        }

        var address = Address("OPENAI_BASE_URL");
        if (Variable("OPENAI_API_KEY") is { } openAIKey)
        {
            return new ProviderChoice(address?.Host ?? "OpenAI", StreamProtocols.OpenAIChat, new StreamClientOptions { ApiKey = openAIKey, BaseAddress = address, Model = model ?? "gpt-4.1-mini" });
        }

        if (address is not null)
        {
            return new ProviderChoice(address.Host, StreamProtocols.OpenAIChat, new StreamClientOptions { BaseAddress = address, Model = model ?? "default" });
        }

        var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(new DemoBrain().Respond));
        return new ProviderChoice(
            "the embedded provider, offline; set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL for a real one",
            StreamProtocols.Anthropic,
            new StreamClientOptions { ApiKey = "embedded", BaseAddress = host.BaseAddress, Model = "embedded" },
            host);
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    private static Uri? Address(string name) => Variable(name) is { } value ? new Uri(value, UriKind.Absolute) : null;
}
