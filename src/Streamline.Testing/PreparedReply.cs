namespace Streamline.Testing;

/// <summary>A reply in the protocol of its request: head and body, ready to be sent.</summary>
internal sealed class PreparedReply(ScriptedExchange exchange, FaultPlan faults)
{
    public required int StatusCode { get; init; }

    public required string ContentType { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required ReplyBody Body { get; init; }

    public static HttpIOException ConnectionBroken() =>
        new(HttpRequestError.ResponseEnded, "The connection was broken as the fault plan says.");

    /// <summary>Does what the plan says about the time before the head is sent.</summary>
    /// <exception cref="HttpIOException">The plan breaks the connection here.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (faults.StallAt is { IsBeforeHead: true })
        {
            await exchange.StallAsync(cancellationToken).ConfigureAwait(false);
        }

        if (faults.AbortAt is { IsBeforeHead: true })
        {
            throw ConnectionBroken();
        }
    }
}
