using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>What requests have in common that may share one answer while it arrives: the key of the cache, and the very functions that are run for it.</summary>
/// <param name="key">The key of the cache.</param>
/// <param name="functions">The functions; none where a tenant says who may share.</param>
internal sealed class FlightKey(string key, AIFunction[] functions) : IEquatable<FlightKey>
{
    private readonly string _key = key;
    private readonly AIFunction[] _functions = functions;

    public static FlightKey Of(string key, string? tenant, StreamRequest request) =>
        new(key, tenant is null ? request.Options?.Tools?.OfType<AIFunction>().ToArray() ?? [] : []);

    public bool Equals(FlightKey? other) =>
        other is not null && string.Equals(_key, other._key, StringComparison.Ordinal) && _functions.AsSpan().SequenceEqual(other._functions, ReferenceEqualityComparer.Instance);

    public override bool Equals(object? obj) => Equals(obj as FlightKey);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_key);
}
