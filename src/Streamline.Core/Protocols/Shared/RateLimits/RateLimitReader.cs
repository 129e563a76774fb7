using System.Globalization;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Shared;

/// <summary>Reads what a provider says about its rate limits, in whatever headers it says so. What cannot be read is left out; nothing throws.</summary>
internal static class RateLimitReader
{
    private const int MaxWindows = 32;
    private const int MaxRawChars = 256;

    // LiteLLM passes the headers of the provider on under names of their own, and has limits of its own beside them.
    private const string Forwarded = "llm_provider-";

    /// <summary>Reads the headers of a response.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="now">The time at which they arrived.</param>
    /// <returns>One window per limit, in the order in which they came; empty when no header is about a limit.</returns>
    public static IReadOnlyList<RateLimitWindow> Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        Windows? windows = null;
        Windows? forwarded = null;
        foreach (var (name, values) in headers.NonValidated)
        {
            // Most headers are dismissed by their first letters.
            if (name.Length > 8 && name[0] is 'a' or 'A' or 'x' or 'X' or 'r' or 'R' && RateLimitName.Read(name) is { } known)
            {
                (windows ??= new(now)).Add(known, name, values.ToString());
            }
            else if (name.StartsWith(Forwarded, StringComparison.OrdinalIgnoreCase) && RateLimitName.Read(name.AsSpan(Forwarded.Length)) is { } ofProvider)
            {
                (forwarded ??= new(now)).Add(ofProvider, name, values.ToString());
            }
        }

        return windows is null ? (IReadOnlyList<RateLimitWindow>?)forwarded?.ToList() ?? [] : forwarded is null ? windows.ToList() : windows.With(forwarded).ToList();
    }

    /// <summary>Reads what the body of an error says: headers that it holds, as the error frames of a socket do, and the quotas that Gemini names.</summary>
    /// <param name="body">The body, in UTF-8; not necessarily JSON.</param>
    /// <param name="now">The time at which it arrived.</param>
    public static IReadOnlyList<RateLimitWindow> ReadBody(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        _ = Payload.TryParse(body, out var payload);
        using (payload)
        {
            var windows = new Windows(now);
            foreach (var member in payload.Root.Object("headers"u8).Members)
            {
                var name = member.Name;
                if (RateLimitName.Read(name) is { } known)
                {
                    windows.Add(known, name, member.Value.GetString() ?? member.Value.RawText());
                }
            }

            AddQuotas(payload.Root.Object("error"u8), windows);
            foreach (var item in payload.Root.Items)
            {
                AddQuotas(item.Object("error"u8), windows);
            }

            return windows.ToList();
        }
    }

    /// <summary>Finds when the first of the limits that are used up is whole again.</summary>
    public static TimeSpan? UntilReset(IReadOnlyList<RateLimitWindow> windows, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var window in windows)
        {
            if (window is { Remaining: <= 0, ResetAt: { } reset } && reset > now && (longest is null || reset - now > longest))
            {
                longest = reset - now;
            }
        }

        return longest;
    }

    private static void AddQuotas(PayloadValue error, Windows windows)
    {
        foreach (var detail in error.Array("details"u8).Items)
        {
            foreach (var violation in detail.Array("violations"u8).Items)
            {
                if ((violation.Text("quotaId"u8) ?? violation.Text("quotaMetric"u8)) is { } id)
                {
                    windows.AddExhausted(ResourceOf(id), id, violation.Member("quotaValue"u8).GetCount());
                }
            }
        }
    }

    private static string ResourceOf(string quota)
    {
        var resource = quota.Contains("InputToken", StringComparison.OrdinalIgnoreCase) || quota.Contains("input_token", StringComparison.OrdinalIgnoreCase) ? "input-tokens"
            : quota.Contains("token", StringComparison.OrdinalIgnoreCase) ? "tokens"
            : "requests";
        return quota.Contains("PerDay", StringComparison.OrdinalIgnoreCase) ? resource + "-day" : resource;
    }

    private sealed class Windows(DateTimeOffset now)
    {
        private readonly List<RateLimitWindow> _windows = [];

        public void Add(RateLimitName name, string header, string value)
        {
            var at = _windows.FindIndex(window => string.Equals(window.Resource, name.Resource, StringComparison.Ordinal));
            if (at < 0 && _windows.Count == MaxWindows)
            {
                return;
            }

            var raw = value.Length <= MaxRawChars ? $"{header}: {value}" : $"{header}: {value.AsSpan(0, MaxRawChars)}…";
            var window = at < 0 ? new RateLimitWindow { Resource = name.Resource, ObservedAt = now, Raw = raw } : _windows[at] with { Raw = $"{_windows[at].Raw}; {raw}" };
            window = name.Field switch
            {
                "limit" => window with { Limit = ReadCount(value) },
                "remaining" => window with { Remaining = ReadCount(value) },
                "reset" => window with { ResetAt = RateLimitTime.Read(value, now) },
                "status" => window with { Status = value.Length <= MaxRawChars ? value : null },
                "utilization" => window with { Utilization = ReadShare(value) },
                _ => window,
            };
            if (at < 0)
            {
                _windows.Add(window);
            }
            else
            {
                _windows[at] = window;
            }
        }

        public void AddExhausted(string resource, string id, long? limit)
        {
            if (_windows.Count < MaxWindows)
            {
                _windows.Add(new RateLimitWindow { Resource = resource, Limit = limit, Remaining = 0, ObservedAt = now, Raw = id.Length <= MaxRawChars ? id : id[..MaxRawChars] });
            }
        }

        public Windows With(Windows others)
        {
            _windows.AddRange(others._windows.Where(other => _windows.TrueForAll(window => !string.Equals(window.Resource, other.Resource, StringComparison.Ordinal))));
            return this;
        }

        public List<RateLimitWindow> ToList() => _windows;

        // "1,000", "150000", "12.0" or "-1"; not "1/0", which stands for no limit.
        private static long? ReadCount(string value) =>
            double.TryParse(value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var count) && count is >= 0 and < long.MaxValue ? (long)count : null;

        private static double? ReadShare(string value) =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && double.IsFinite(share) && share >= 0 ? share : null;
    }
}
