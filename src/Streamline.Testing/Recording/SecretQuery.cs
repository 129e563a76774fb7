namespace Streamline.Testing;

/// <summary>Hides the values of a query that may be credentials, such as Gemini's <c>key</c>.</summary>
internal static class SecretQuery
{
    public static string Redact(string address)
    {
        var question = address.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? address : address[..(question + 1)] + string.Join('&', address[(question + 1)..].Split('&').Select(RedactPair));
    }

    private static string RedactPair(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && SecretHeaders.IsSecret(pair[..equals]) ? pair[..(equals + 1)] + SecretHeaders.Redacted : pair;
    }
}
