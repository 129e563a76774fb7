namespace Streamline.Testing;

/// <summary>Hides what an address holds of credentials: the user, and values of the query such as Gemini's <c>key</c>.</summary>
internal static class SecretQuery
{
    // Signatures of storage addresses, and keys of serverless functions.
    private static readonly string[] Names = ["sig", "code"];

    public static string Redact(string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0)
        {
            address = address.Replace(uri.UserInfo + "@", SecretHeaders.Redacted + "@", StringComparison.Ordinal);
        }

        var question = address.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? address : address[..(question + 1)] + string.Join('&', address[(question + 1)..].Split('&').Select(RedactPair));
    }

    private static string RedactPair(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = pair[..Math.Max(0, equals)];
        return equals > 0 && (SecretHeaders.IsSecret(name) || Names.Contains(name, StringComparer.OrdinalIgnoreCase)) ? $"{name}={SecretHeaders.Redacted}" : pair;
    }
}
