using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Signs and verifies requests for approval: a token proves that id, call, tool and arguments are those that somebody was asked about, until its time is over.</summary>
/// <remarks>The token is <c>1.EXPIRY.MAC</c>: Unix seconds, and HMAC-SHA256 over everything that is bound. Thread-safe.</remarks>
internal sealed class ApprovalSigner(ToolApprovalOptions options, TimeProvider time)
{
    private const int MaxRemembered = 4096;
    private const string Version = "1";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _claimed = new(StringComparer.Ordinal);

    public string Sign(string approvalId, string callId, string tool, JsonElement arguments, DateTimeOffset expiresAt)
    {
        var expiry = expiresAt.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{Version}.{expiry}.{Base64Url.EncodeToString(Mac(approvalId, callId, tool, arguments, expiry))}");
    }

    /// <summary>Reads the time after which a token is refused, without verifying it.</summary>
    public static DateTimeOffset? ExpiryOf(string? token) =>
        token?.Split('.') is [Version, var text, _] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Verifies a token.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when nothing is.</returns>
    public string? Verify(string? token, string approvalId, string callId, string tool, JsonElement arguments)
    {
        if (token?.Split('.') is not [Version, var expiryText, var macText]
            || !long.TryParse(expiryText, NumberStyles.None, CultureInfo.InvariantCulture, out var expiry)
            || !Base64Url.IsValid(macText)
            || !CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(macText), Mac(approvalId, callId, tool, arguments, expiry)))
        {
            return "the approval does not belong to this call: its signature is missing or invalid.";
        }

        return expiry < time.GetUtcNow().ToUnixTimeSeconds() ? "the approval came too late." : null;
    }

    /// <summary>Notes that a request was answered.</summary>
    /// <returns>Whether this was the first answer.</returns>
    public async ValueTask<bool> TryClaimAsync(string approvalId, CancellationToken cancellationToken) =>
        TryRemember(approvalId) && (options.TryClaim is null || await options.TryClaim(approvalId, cancellationToken).ConfigureAwait(false));

    /// <summary>Notes within this process that a request was answered.</summary>
    public bool TryRemember(string approvalId)
    {
        var now = time.GetUtcNow();
        if (_claimed.Count >= MaxRemembered)
        {
            foreach (var (id, _) in _claimed.Where(claimed => claimed.Value < now))
            {
                _claimed.TryRemove(id, out _);
            }
        }

        return _claimed.TryAdd(approvalId, now + options.TokenLifetime);
    }

    private byte[] Mac(string approvalId, string callId, string tool, JsonElement arguments, long expiry)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Write(arguments)));
        var bound = string.Join('\n', ((string[])[Version, approvalId, callId, tool, digest, expiry.ToString(CultureInfo.InvariantCulture)])
            .Select(part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)))); // a part cannot hold the separator
        return HMACSHA256.HashData(options.Key.Span, Encoding.UTF8.GetBytes(bound));
    }
}
