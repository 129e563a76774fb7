using System.Net.Http.Headers;

namespace Streamline.Aws;

/// <summary>Signs requests to one service of AWS just before they are sent.</summary>
/// <remarks>Thread-safe as far as what gives the credentials is. Each attempt asks for credentials again, so that they may change between two.</remarks>
/// <param name="region">The region of the service.</param>
/// <param name="service">The name of the service for signatures.</param>
/// <param name="credentials">Gives the credentials.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class AwsRequestSigner(
    string region, string service, Func<CancellationToken, ValueTask<AwsCredentials>> credentials, TimeProvider timeProvider)
{
    /// <summary>Adds the headers of the signature to a request, in place of any credentials that it has.</summary>
    /// <exception cref="InvalidOperationException">There are no credentials.</exception>
    public async ValueTask SignAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var current = await credentials(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("No AWS credentials: the function that gives them returned null. Nothing was sent.");
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : [];
        Set(request.Headers, "x-amz-date", AwsSignature.FormatTime(timeProvider.GetUtcNow()));
        Set(request.Headers, "x-amz-security-token", current.SessionToken);
        var signature = new AwsSignature(current, region, service)
            .Sign(request.Method.Method, request.RequestUri!, HeadersToSign(request), body);
        Set(request.Headers, "Authorization", signature);
    }

    // A proxy may add to or change other headers, which would then void the signature.
    private static SortedDictionary<string, string> HeadersToSign(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = request.Headers.Host ?? (address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}"),
        };
        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) == true)
        {
            headers["content-type"] = type.ToString();
        }

        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name.StartsWith("x-amz", StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = values.ToString(); // as it is sent
            }
        }

        return headers;
    }

    private static void Set(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
