using Streamline.Protocols;

namespace Streamline;

/// <summary>The address of an endpoint: made of a base address, and told in messages.</summary>
internal static class RequestAddress
{
    private const string Version = "/v1";

    /// <summary>
    /// Appends the path of an endpoint to a base address. Both with and without a version or a trailing slash, the base address works, and so does the whole address of the endpoint.
    /// </summary>
    /// <param name="protocol">The protocol, whose own base address says where the version belongs.</param>
    /// <param name="baseAddress">The base address. Its query is kept.</param>
    /// <param name="path">The path of the endpoint.</param>
    /// <param name="query">The query of the endpoint, without the question mark; empty for none.</param>
    public static Uri Combine(StreamProtocol protocol, Uri baseAddress, string path, string query)
    {
        var basePath = BasePath(protocol, baseAddress, path);
        var separator = query.Length == 0 ? "" : baseAddress.Query.Length > 0 ? "&" : "?";
        return new Uri($"{baseAddress.GetLeftPart(UriPartial.Authority)}{basePath}/{path}{baseAddress.Query}{separator}{query}");
    }

    /// <summary>Describes an address by its scheme, host and path, without anything that may be secret: no user, no query.</summary>
    public static string Describe(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string BasePath(StreamProtocol protocol, Uri baseAddress, string path)
    {
        var given = baseAddress.AbsolutePath.TrimEnd('/');
        var own = protocol.DefaultBaseAddress.AbsolutePath.TrimEnd('/');

        // The address is the endpoint itself.
        if (given.EndsWith("/" + path, StringComparison.OrdinalIgnoreCase))
        {
            return given[..^(path.Length + 1)];
        }

        // The path may begin with the version that the base address ends with.
        var first = "/" + path.Split('/')[0];
        if (given.EndsWith(first, StringComparison.OrdinalIgnoreCase))
        {
            return given[..^first.Length];
        }

        // The version is missing: nothing was given, or all of the provider's own path but the version.
        if (own.Length > 0 && (given.Length == 0 || (own.EndsWith(Version, StringComparison.Ordinal) && given == own[..^Version.Length])))
        {
            return own;
        }

        // A version was given where there is none.
        return own.Length == 0 && given == Version && (!protocol.TakesVersionInPath || baseAddress.Host == protocol.DefaultBaseAddress.Host) ? "" : given;
    }
}
