namespace Streamline.Protocols;

/// <summary>Checks keys before they become headers, as the exception of a header that refuses its value shows the value.</summary>
internal static class ApiKeys
{
    /// <exception cref="ArgumentException">The key is empty or holds a character that no header may carry.</exception>
    public static void ThrowIfUnfit(string apiKey)
    {
        if (apiKey.Length == 0 || apiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException("The API key is empty or holds a blank, a control character or a character beyond ASCII.", nameof(apiKey));
        }
    }
}
