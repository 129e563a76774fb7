using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Streamline.Testing;

/// <summary>Knows the headers that carry credentials, so that no recorded request holds one.</summary>
internal static class SecretHeaders
{
    public const string Redacted = "[redacted]";

    private static readonly string[] Words = ["auth", "key", "token", "jwt", "assertion", "secret", "cookie", "password", "credential", "signature"];

    private static readonly string[] KeyHeaders = ["x-api-key", "x-goog-api-key"];

    /// <summary>Copies headers, with the values of those that may be secret replaced. Too much is hidden rather than too little.</summary>
    public static Dictionary<string, string> Redact(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var copy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            copy[name] = IsSecret(name) ? Redacted : value.Contains("://", StringComparison.Ordinal) ? SecretQuery.Redact(value) : value;
        }

        return copy;
    }

    /// <summary>Looks for a key where the protocols carry one.</summary>
    public static bool CarryKey(IEnumerable<KeyValuePair<string, string>> headers, string key)
    {
        foreach (var (name, value) in headers)
        {
            var candidate = KeyHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) ? value
                : name.Equals("authorization", StringComparison.OrdinalIgnoreCase)
                    && AuthenticationHeaderValue.TryParse(value, out var credential)
                    && credential.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? credential.Parameter
                : null;
            if (candidate is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(candidate), Encoding.UTF8.GetBytes(key)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether the value of a name may be secret.</summary>
    public static bool IsSecret(string name) => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
