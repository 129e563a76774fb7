using Streamline;
using Streamline.Aws;
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

        if (Bedrock(model) is { } bedrock)
        {
            return bedrock;
        }

        var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(new DemoBrain().Respond));
        return new ProviderChoice(
            "the embedded provider, offline; set ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL, AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID for a real one",
            StreamProtocols.Anthropic,
            new StreamClientOptions { ApiKey = "embedded", BaseAddress = host.BaseAddress, Model = "embedded" },
            host);
    }

    // By the environment variables of AWS's own tools. The model is the id of one that the account may use, or of an inference profile.
    private static ProviderChoice? Bedrock(string? model)
    {
        var region = Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? "us-east-1";
        var options = new StreamClientOptions { Model = model ?? "us.anthropic.claude-sonnet-4-5-20250929-v1:0" };
        if (Variable("AWS_BEARER_TOKEN_BEDROCK") is { } key)
        {
            options.ApiKey = key;
            options.UseBedrock(region);
        }
        else if (Variable("AWS_ACCESS_KEY_ID") is { } id && Variable("AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            var credentials = new AwsCredentials(id, secret, Variable("AWS_SESSION_TOKEN"));
            options.UseBedrock(region, _ => ValueTask.FromResult(credentials));
        }
        else
        {
            return null;
        }

        return new ProviderChoice($"Amazon Bedrock in {region}", StreamProtocols.BedrockConverse, options);
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    private static Uri? Address(string name) => Variable(name) is { } value ? new Uri(value, UriKind.Absolute) : null;
}
