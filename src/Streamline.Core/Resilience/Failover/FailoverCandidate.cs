using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>One of the clients that may answer, with what is known about it.</summary>
internal sealed class FailoverCandidate
{
    private readonly IStreamClient _client;
    private readonly FailoverClient? _settings;
    private readonly bool _isOfOtherProvider;
    private readonly string? _defaultModel;

    /// <param name="primary">The client inside of the middleware.</param>
    /// <param name="settings">The settings of a client that takes over; <see langword="null"/> for the first one.</param>
    /// <param name="options">The options.</param>
    /// <param name="clock">The clock, which the clients share.</param>
    /// <exception cref="InvalidOperationException">The client could answer no request.</exception>
    public FailoverCandidate(IStreamClient primary, FailoverClient? settings, FailoverOptions options, SteadyClock clock)
    {
        (_client, _settings) = (settings?.Client ?? primary, settings);
        Name = settings?.Name ?? options.PrimaryName;
        MaxInputTokens = settings is null ? options.PrimaryMaxInputTokens : settings.MaxInputTokens;
        Breaker = new ClientBreaker(options, clock);
        var (own, first) = (MetadataOf(_client), MetadataOf(primary));
        (Provider, _defaultModel) = (own?.Provider, own?.DefaultModel);
        IsOfOtherProtocol = own?.Protocol is { } protocol && first?.Protocol is { } other && !string.Equals(protocol, other, StringComparison.Ordinal);
        _isOfOtherProvider = own?.Provider is { } provider && first?.Provider is { } firstProvider && !string.Equals(provider, firstProvider, StringComparison.Ordinal);
        if (_isOfOtherProvider && settings is { Model: null, Adapt: null } && own!.DefaultModel is null)
        {
            throw new InvalidOperationException(
                $"The client '{Name}' of '{own.Provider}' has no default model, and the models of '{first!.Provider}' mean nothing to it: set {nameof(FailoverClient)}.{nameof(FailoverClient.Model)}.");
        }
    }

    public string Name { get; }

    /// <summary>Gets the provider; <see langword="null"/> when the client does not say.</summary>
    public string? Provider { get; }

    public long? MaxInputTokens { get; }

    public ClientBreaker Breaker { get; }

    /// <summary>Gets a value indicating whether a body that was written for the first client's protocol means something else to this one.</summary>
    public bool IsOfOtherProtocol { get; }

    public bool CanAdapt => _settings?.Adapt is not null;

    public IStreamClient Client => _client;

    /// <summary>Gets the model that this client is asked for; <see langword="null"/> when it is not known.</summary>
    public string? ModelOf(StreamRequest request) => _settings?.Model ?? (_isOfOtherProvider ? null : request.Options?.ModelId) ?? _defaultModel;

    /// <summary>Makes the request that this client is asked.</summary>
    public StreamRequest Adapt(StreamRequest request)
    {
        if (_settings is null)
        {
            return request;
        }

        if ((_settings.Model ?? (_isOfOtherProvider ? "" : null)) is { } model)
        {
            var options = request.Options?.Clone() ?? new ChatOptions();
            options.ModelId = model.Length > 0 ? model : null;
            request = request with { Options = options };
        }

        return _settings.Adapt?.Invoke(request) ?? request;
    }

    private static StreamClientMetadata? MetadataOf(IStreamClient client) => client.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
}
