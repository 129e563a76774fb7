namespace Streamline.Protocols.Shared;

/// <summary>What a header says about which limit, by its name alone.</summary>
/// <param name="Resource">The name of the limit.</param>
/// <param name="Field">What the header says of it.</param>
internal readonly record struct RateLimitName(string Resource, string Field)
{
    /// <summary>The fields, as the names of headers have them.</summary>
    private static readonly string[] Fields = ["limit", "remaining", "reset", "status", "utilization", "fallback-percentage"];

    // The field is the last word of the name, after the resource.
    private static readonly (string Prefix, string Resource)[] FieldLast =
    [
        ("anthropic-ratelimit-", ""),
        ("anthropic-fast-", "fast-"),
        ("anthropic-priority-", "priority-"),
    ];

    // The field is the first word after the prefix, and the resource is the rest: that of a name without a rest is said here.
    private static readonly (string Prefix, string Resource, string Alone)[] FieldFirst =
    [
        ("x-ratelimit-", "", "requests"),
        ("x-rate-limit-", "", "requests"),
        ("ratelimit-", "", "requests"),
        ("x-ai-ratelimit-", "tokens@", "tokens"),
    ];

    /// <summary>Reads the name of a header; <see langword="null"/> when it is not about a rate limit.</summary>
    public static RateLimitName? Read(ReadOnlySpan<char> header)
    {
        foreach (var (prefix, resource) in FieldLast)
        {
            if (header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return ReadFieldLast(header[prefix.Length..], resource);
            }
        }

        foreach (var (prefix, resource, alone) in FieldFirst)
        {
            if (header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return ReadFieldFirst(header[prefix.Length..], resource, alone);
            }
        }

        return null;
    }

    private static RateLimitName? ReadFieldLast(ReadOnlySpan<char> rest, string prefix)
    {
        foreach (var field in Fields)
        {
            if (rest.Length > field.Length + 1 && rest.EndsWith(field, StringComparison.OrdinalIgnoreCase) && rest[^(field.Length + 1)] == '-')
            {
                return new RateLimitName(prefix + rest[..^(field.Length + 1)].ToString().ToLowerInvariant(), field);
            }
        }

        return null;
    }

    private static RateLimitName? ReadFieldFirst(ReadOnlySpan<char> rest, string prefix, string alone)
    {
        foreach (var field in Fields)
        {
            if (!rest.StartsWith(field, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (rest.Length == field.Length)
            {
                return new RateLimitName(alone, field);
            }

            if (rest[field.Length] == '-' && rest.Length > field.Length + 1)
            {
                return new RateLimitName(prefix + rest[(field.Length + 1)..].ToString().ToLowerInvariant(), field);
            }
        }

        return null;
    }
}
