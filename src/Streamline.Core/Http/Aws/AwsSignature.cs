using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Streamline.Aws;

/// <summary>Computes the signature of a request by AWS Signature Version 4.</summary>
/// <remarks>Specification: AWS Identity and Access Management User Guide, "Create a signed AWS API request".</remarks>
/// <param name="credentials">Who signs.</param>
/// <param name="region">The region of the service.</param>
/// <param name="service">The name of the service for signatures.</param>
internal sealed class AwsSignature(AwsCredentials credentials, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Terminator = "aws4_request";

    /// <summary>Writes a time as the header <c>x-amz-date</c> has it.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Makes the value of the header <c>Authorization</c>.</summary>
    /// <param name="method">The method of the request.</param>
    /// <param name="address">Its address, as it is sent.</param>
    /// <param name="headers">The headers to sign, by their names in small letters; <c>host</c> and <c>x-amz-date</c> must be among them.</param>
    /// <param name="body">The body.</param>
    public string Sign(string method, Uri address, SortedDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        var time = headers["x-amz-date"];
        var date = time[..8];
        var scope = $"{date}/{region}/{service}/{Terminator}";
        var signedHeaders = string.Join(';', headers.Keys);
        var request = CanonicalRequest(method, address, headers, signedHeaders, body);
        var text = $"{Algorithm}\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(request))}";
        var signature = Convert.ToHexStringLower(Mac(SigningKey(date), text));
        return $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}";
    }

    /// <summary>Writes the request in the one form that both sides can compute.</summary>
    internal static string CanonicalRequest(
        string method, Uri address, SortedDictionary<string, string> headers, string signedHeaders, ReadOnlySpan<byte> body)
    {
        var request = new StringBuilder($"{method}\n{CanonicalPath(address)}\n{CanonicalQuery(address)}\n");
        foreach (var (name, value) in headers)
        {
            request.Append(CultureInfo.InvariantCulture, $"{name}:{JoinBlanks(value)}\n");
        }

        return request.Append(CultureInfo.InvariantCulture, $"\n{signedHeaders}\n{Hash(body)}").ToString();
    }

    // Every service but S3 encodes the path as it is sent, and so encoded already, once more.
    private static string CanonicalPath(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(Uri address) => string.Join('&', address.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Select(static pair => (Name: Encode(pair[0]), Value: Encode(pair.Length > 1 ? pair[1] : "")))
        .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
        .ThenBy(static pair => pair.Value, StringComparer.Ordinal)
        .Select(static pair => $"{pair.Name}={pair.Value}"));

    private static string Encode(string sent) => Uri.EscapeDataString(Uri.UnescapeDataString(sent));

    private static string JoinBlanks(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private byte[] SigningKey(string date) =>
        Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey), date), region), service), Terminator);

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
