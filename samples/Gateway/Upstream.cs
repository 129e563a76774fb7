using Streamline;
using Streamline.Protocols;
using Streamline.Testing;

namespace GatewaySample;

/// <summary>Who answers: a real provider when its key or address is in the environment, else the embedded one, in this process.</summary>
internal sealed record Upstream(string Description, IStreamClient Client, IReadOnlyList<string> Models)
{
    public static Upstream FromEnvironment(HttpClient http)
    {
        var model = Variable("STREAMLINE_MODEL");
        if (Variable("ANTHROPIC_API_KEY") is { } anthropicKey)
        {
            return Create("Anthropic", StreamProtocols.Anthropic, http, anthropicKey, Address("ANTHROPIC_BASE_URL"), model ?? "claude-sonnet-4-5");
        }

        var address = Address("OPENAI_BASE_URL");
        if (address is not null || Variable("OPENAI_API_KEY") is not null)
        {
            return Create(address?.Host ?? "OpenAI", StreamProtocols.OpenAIChat, http, Variable("OPENAI_API_KEY"), address, model ?? "gpt-4.1-mini");
        }

        return Embedded();
    }

    public static Upstream Embedded() => Create(
        "the embedded provider, offline; set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL for a real one",
        StreamProtocols.Anthropic,
        new HttpClient(new ScriptedProvider(EmbeddedModel.Respond).CreateHandler()),
        key: "embedded",
        address: null,
        model: "embedded");

    // Retries only until the first event: no protocol can tell a client to discard what it has shown.
    private static Upstream Create(string description, StreamProtocol protocol, HttpClient http, string? key, Uri? address, string model) => new(
        description,
        new StreamClientBuilder(protocol.CreateClient(http, new StreamClientOptions { ApiKey = key, BaseAddress = address })).UseRetry().UseTimeouts().Build(),
        [model]);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    private static Uri? Address(string name) => Variable(name) is { } value ? new Uri(value, UriKind.Absolute) : null;
}
