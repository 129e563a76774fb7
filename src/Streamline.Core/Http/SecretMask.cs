using System.Diagnostics.CodeAnalysis;

namespace Streamline;

/// <summary>Keeps the secrets of a client out of what it says, also where a provider repeats them in its answer.</summary>
internal sealed class SecretMask
{
    private const string Masked = "***";

    // A shorter key is a placeholder that a server on this machine is given, and a part of ordinary words.
    private const int MinLength = 8;

    private readonly string[] _secrets;

    /// <summary>Initializes a new instance of the <see cref="SecretMask"/> class.</summary>
    /// <param name="apiKey">The key of the client.</param>
    /// <param name="addresses">Its base addresses, whose user and query may be secret.</param>
    /// <param name="headers">The values of its headers.</param>
    public SecretMask(string? apiKey, IEnumerable<Uri?> addresses, IEnumerable<string> headers) =>
        _secrets = [.. addresses.OfType<Uri>().SelectMany(Parts).Concat(headers.SelectMany(header => header.Split(' '))).Append(apiKey ?? "")
            .SelectMany(secret => new[] { secret, Uri.UnescapeDataString(secret), Uri.EscapeDataString(secret) })
            .Where(secret => secret.Length >= MinLength)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length)];

    /// <summary>Masks the secrets in a text, also one that the end of the text cuts.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Apply(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Masked, StringComparison.Ordinal);
            for (var length = Math.Min(secret.Length - 1, text.Length); length >= MinLength; length--)
            {
                if (text.AsSpan().TrimEnd("….").EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                {
                    text = text[..text.LastIndexOf(secret[..length], StringComparison.Ordinal)] + Masked;
                }
            }
        }

        return text;
    }

    /// <summary>Gets an error of a provider without secrets.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="address">The address that the request was sent to, to be told with the error; <see langword="null"/> to tell none.</param>
    public ProviderException Apply(ProviderException exception, Uri? address) =>
        new(exception, Apply, address is null ? null : RequestAddress.Describe(address));

    private static IEnumerable<string> Parts(Uri address) =>
        [.. address.UserInfo.Split(':'), .. address.Query.TrimStart('?').Split('&').Select(parameter => parameter[(parameter.IndexOf('=', StringComparison.Ordinal) + 1)..])];
}
