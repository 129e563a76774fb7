using Streamline.Protocols.Bedrock;

namespace Streamline.Aws;

/// <summary>Configures a client for Amazon Bedrock: its address, and how requests are authorized.</summary>
public static class BedrockStreamClientOptionsExtensions
{
    // Both the operations and their API keys go by this name.
    private const string SigningName = "bedrock";

    /// <summary>Uses Bedrock in a region, with a Bedrock API key as <see cref="StreamClientOptions.ApiKey"/>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="region">The name of the region, such as <c>eu-central-1</c>.</param>
    /// <returns>The options.</returns>
    /// <remarks>An address that is set already, such as that of an endpoint in a private network, stays.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not a valid name of a region.</exception>
    public static StreamClientOptions UseBedrock(this StreamClientOptions options, string region)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = BedrockEndpoint.Of(region);
        options.BaseAddress ??= address;
        return options;
    }

    /// <summary>Uses Bedrock in a region, and signs each request with AWS credentials (Signature Version 4).</summary>
    /// <param name="options">The options.</param>
    /// <param name="region">The name of the region, such as <c>eu-central-1</c>; it is a part of the signature.</param>
    /// <param name="credentials">
    /// Gives the credentials. It is called before each attempt of each request, from several threads at once, so it should keep what is still valid;
    /// what it throws ends the stream before anything is sent.
    /// </param>
    /// <returns>The options.</returns>
    /// <remarks>
    /// An address that is set already, such as that of an endpoint in a private network, stays. The signature has the time of
    /// <see cref="StreamClientOptions.TimeProvider"/> as it is set at this moment. An API key is not sent beside it. The signature covers every header whose
    /// name begins with <c>x-amz</c>, also those of <see cref="HttpClient.DefaultRequestHeaders"/>; a handler that adds one afterwards makes it void.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="credentials"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not a valid name of a region.</exception>
    public static StreamClientOptions UseBedrock(
        this StreamClientOptions options, string region, Func<CancellationToken, ValueTask<AwsCredentials>> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        options.UseBedrock(region);
        options.Authorize = new AwsRequestSigner(region, SigningName, credentials, options.TimeProvider).SignAsync;
        return options;
    }
}
