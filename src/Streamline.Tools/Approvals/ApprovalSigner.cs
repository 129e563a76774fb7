using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Signs and verifies requests for approval: a token proves that id, call, tool and arguments are those that somebody was asked about, until its time is over.</summary>
/// <remarks>The token is <c>1.EXPIRY.MAC</c>: Unix seconds, and HMAC-SHA256 over everything that is bound. Thread-safe.</remarks>
internal sealed class ApprovalSigner(ToolApprovalOptions options, TimeProvider time)
{
    private const string Version = "1";

    // What is remembered is bounded by the answers of one token lifetime: after that, the token itself is refused.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ApprovalClaim> _claims = new(StringComparer.Ordinal);
    private readonly Queue<(string ApprovalId, DateTimeOffset Until)> _byTime = new();

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

    /// <summary>Notes that a request was answered, here and in the store that processes share.</summary>
    /// <returns>Whether this was the first answer. When the store fails, nothing is noted.</returns>
    public async ValueTask<bool> TryClaimAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var known = Find(approvalId);
        if (known is null && !await TryClaimInStoreAsync(approvalId, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        return known is null or ApprovalClaim.Released && TryRemember(approvalId, decision);
    }

    /// <summary>Gets a value indicating whether there is a store that processes share.</summary>
    public bool HasStore => options.TryClaim is not null;

    /// <summary>Notes in the store that processes share, if there is one, that a request was answered.</summary>
    /// <returns>Whether this was the first answer there.</returns>
    public ValueTask<bool> TryClaimInStoreAsync(string approvalId, CancellationToken cancellationToken) =>
        options.TryClaim?.Invoke(approvalId, cancellationToken) ?? new ValueTask<bool>(true);

    /// <summary>Notes within this process that a request was answered.</summary>
    /// <returns>Whether this was the first answer.</returns>
    public bool TryRemember(string approvalId, ApprovalDecision decision)
    {
        var claim = decision == ApprovalDecision.Approved ? ApprovalClaim.Approved : ApprovalClaim.Denied;
        var now = time.GetUtcNow();
        var until = now + options.TokenLifetime;
        lock (_lock)
        {
            while (_byTime.TryPeek(out var oldest) && oldest.Until < now)
            {
                _claims.Remove(_byTime.Dequeue().ApprovalId);
            }

            if (_claims.TryAdd(approvalId, claim))
            {
                _byTime.Enqueue((approvalId, until));
                return true;
            }

            var isReleased = _claims[approvalId] == ApprovalClaim.Released;
            _claims[approvalId] = isReleased ? claim : _claims[approvalId];
            return isReleased;
        }
    }

    /// <summary>Takes an answer back that was claimed and not acted on. The next one counts as the first, without asking the store again.</summary>
    public void Release(string approvalId)
    {
        lock (_lock)
        {
            if (_claims.ContainsKey(approvalId))
            {
                _claims[approvalId] = ApprovalClaim.Released;
            }
        }
    }

    /// <summary>Tells what this process knows of earlier answers to a request; <see langword="null"/> for nothing.</summary>
    public ApprovalClaim? Find(string approvalId)
    {
        lock (_lock)
        {
            return _claims.TryGetValue(approvalId, out var claim) ? claim : null;
        }
    }

    private byte[] Mac(string approvalId, string callId, string tool, JsonElement arguments, long expiry)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Write(arguments)));
        var bound = string.Join('\n', ((string[])[Version, approvalId, callId, tool, digest, expiry.ToString(CultureInfo.InvariantCulture)])
            .Select(part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)))); // a part cannot hold the separator
        return HMACSHA256.HashData(options.Key.Span, Encoding.UTF8.GetBytes(bound));
    }
}
