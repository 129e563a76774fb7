namespace Streamline.Resilience;

/// <summary>A client that can answer in place of another one; see <see cref="FailoverOptions.Clients"/>.</summary>
public sealed class FailoverClient
{
    /// <summary>Initializes a new instance of the <see cref="FailoverClient"/> class.</summary>
    /// <param name="name">The name, for events and logs; unique among the clients.</param>
    /// <param name="client">The client, usually a pipeline of its own with retry, rate limits and timeouts. It is not owned.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is <see langword="null"/>.</exception>
    public FailoverClient(string name, IStreamClient client)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(client);
        (Name, Client) = (name, client);
    }

    /// <summary>Gets the name of the client.</summary>
    public string Name { get; }

    /// <summary>Gets the client.</summary>
    public IStreamClient Client { get; }

    /// <summary>Gets the model to ask this client for, in place of the request's.</summary>
    /// <value>The default is <see langword="null"/>: the request's own model if the client is of the same provider as the first one, or else the client's default.</value>
    public string? Model { get; init; }

    /// <summary>Gets how many input tokens the model takes, so that a request that is too long for another model can be sent to it.</summary>
    /// <value>At least 1; <see langword="null"/> when unknown, which is the default: it is then not asked after a failure of that kind.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long? MaxInputTokens
    {
        get;
        init
        {
            if (value is { } tokens)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(MaxInputTokens));
            }

            field = value;
        }
    }

    /// <summary>Gets what changes a request before it is sent to this client, for example its <see cref="StreamRequest.ExtraBody"/>.</summary>
    /// <value>The default is <see langword="null"/>. It must be thread-safe. It comes after <see cref="Model"/> is set.</value>
    public Func<StreamRequest, StreamRequest>? Adapt { get; init; }
}
