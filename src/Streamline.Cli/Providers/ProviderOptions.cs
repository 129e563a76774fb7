using System.CommandLine;
using Streamline.Aws;
using Streamline.Testing;

namespace Streamline.Cli.Providers;

/// <summary>The options that say who answers. Keys come from the environment only, so that no shell history holds one.</summary>
internal sealed class ProviderOptions
{
    public const string Demo = "demo";

    private readonly Option<string?> _provider = new("--provider", "-p")
    {
        Description = $"Who answers: {Demo} (offline), {string.Join(", ", KnownProvider.All.Select(provider => provider.Name))}. Default: the first whose key is in the environment.",
    };

    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model. Default: the variable STREAMLINE_MODEL." };
    private readonly Option<string?> _baseUrl = new("--base-url") { Description = "Another address of the provider, up to what its paths are appended to." };
    private readonly Option<string?> _system = new("--system", "-s") { Description = "The system message." };
    private readonly Option<int?> _maxTokens = NumberOption.CreateOptional<int>("--max-tokens", "The most tokens of an answer.");
    private readonly Option<float?> _temperature = NumberOption.CreateOptional<float>("--temperature", "The temperature.");
    private readonly Option<string?> _record = new("--record") { Description = "Record each exchange into this folder." };
    private readonly Option<string[]> _replay = new("--replay") { Description = "Answer with this recorded exchange instead of asking; given several times, one per request." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _provider, _model, _baseUrl, _system, _maxTokens, _temperature, _record, _replay })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Tells whether the command line names a provider.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_provider) is not null;

    public string? Model(ParseResult parsed, CliHost host) => parsed.GetValue(_model) ?? host.Variable("STREAMLINE_MODEL");

    public ChatOptions ToChatOptions(ParseResult parsed) => new()
    {
        Instructions = parsed.GetValue(_system),
        MaxOutputTokens = parsed.GetValue(_maxTokens) is null or > 0 ? parsed.GetValue(_maxTokens) : throw new UsageException("--max-tokens: expected at least 1."),
        Temperature = parsed.GetValue(_temperature),
    };

    /// <summary>Makes the client of the provider that was chosen.</summary>
    /// <exception cref="UsageException">No provider, key or model is there.</exception>
    public ProviderClient Open(ParseResult parsed, CliHost host, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        var provider = Choose(parsed, host);
        var options = new StreamClientOptions { Model = Model(parsed, host), TimeProvider = host.TimeProvider };
        if (parsed.GetValue(_baseUrl) is { } address)
        {
            options.BaseAddress = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new Uri(address) : throw new UsageException($"--base-url: expected an http or https address, found '{address}'.");
        }

        HttpMessageHandler handler;
        if (parsed.GetValue(_replay) is { Length: > 0 } recordings)
        {
            options.Model ??= "recorded";
            options.ApiKey = "none";
            handler = new ScriptedProvider([.. recordings.Select(path => RecordedExchange.Load(path).ToReply())]).CreateHandler(provider.Protocol);
        }
        else if (provider.Name == Demo)
        {
            options.Model ??= Demo;
            options.ApiKey = "none";
            handler = DemoModel.CreateHandler(isPaced: host.IsOutputTerminal);
        }
        else
        {
            Authorize(provider, options, host);
            if (options.Model is null)
            {
                throw new UsageException("No model: pass --model, or set STREAMLINE_MODEL.");
            }

            handler = host.CreateHandler();
        }

        handler = parsed.GetValue(_record) is { } folder ? new ExchangeRecorder(folder, host.TimeProvider) { InnerHandler = handler } : handler;
        var http = new HttpClient(wrap?.Invoke(handler) ?? handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new ProviderClient(provider.Protocol, provider.Protocol.CreateClient(http, options), http);
    }

    private static void Authorize(KnownProvider provider, StreamClientOptions options, CliHost host)
    {
        options.ApiKey = provider.KeyVariable is { } variable ? host.Variable(variable) : null;
        if (provider.KeyVariable is not null && options.ApiKey is null && options.BaseAddress is null)
        {
            throw new UsageException($"No key: set {provider.KeyVariable}.");
        }

        if (provider.Name == "bedrock" && options.BaseAddress is null)
        {
            options.UseBedrock(host.Variable("AWS_REGION") ?? host.Variable("AWS_DEFAULT_REGION") ?? "us-east-1");
        }
    }

    private KnownProvider Choose(ParseResult parsed, CliHost host)
    {
        if (parsed.GetValue(_provider) is { } name)
        {
            return name == Demo ? new KnownProvider(Demo, StreamProtocols.Anthropic, null)
                : KnownProvider.All.FirstOrDefault(provider => provider.Name == name)
                    ?? throw new UsageException($"There is no provider '{name}'. Expected {Demo}, {string.Join(", ", KnownProvider.All.Select(provider => provider.Name))}.");
        }

        if (parsed.GetValue(_replay) is { Length: > 0 } recordings)
        {
            var recorded = RecordedExchange.Load(recordings[0]);
            return Inspection.ProtocolDetector.Detect(recorded.GetBody()) is { } protocol
                ? new KnownProvider(protocol.Name, protocol, null)
                : throw new UsageException($"The protocol of '{recordings[0]}' is not clear from its body: pass --provider.");
        }

        return KnownProvider.All.FirstOrDefault(provider => provider.KeyVariable is { } variable && host.Variable(variable) is not null)
            ?? throw new UsageException("No provider: set ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY or the key of another one, or pass --provider. '--provider demo' answers offline, without a key.");
    }
}
