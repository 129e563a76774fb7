using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>What the checks of bodies have in common. The rules come from the providers' references and the errors that they answer with, not from the writers.</summary>
internal static class BodyRules
{
    public static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The provider refuses this: " + rule);
        }
    }

    public static IReadOnlyList<JsonObject> Objects(this JsonNode? node, string name) =>
        node?[name] is JsonArray items ? [.. items.Select(item => item!.AsObject())] : [];

    public static string? Word(this JsonNode? node, string name) => node?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static void RequireMatch(string? value, string pattern, string what) =>
        Require(value is not null && System.Text.RegularExpressions.Regex.IsMatch(value, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)), $"{what} '{value}' must match {pattern}");

    public static void RequireText(string? text, string what) => Require(!string.IsNullOrWhiteSpace(text), $"{what} must not be blank");

    public static void RequireUnique(IEnumerable<string?> values, string what)
    {
        HashSet<string?> seen = [];
        Require(values.All(seen.Add), $"{what} must be unique");
    }

    public static void RequireSame(IEnumerable<string?> found, IEnumerable<string?> expected, string what) =>
        Require(found.SequenceEqual(expected), $"{what}: found [{string.Join(',', found)}], expected [{string.Join(',', expected)}]");

    public static void RequireSameSet(IEnumerable<string?> found, IEnumerable<string?> expected, string what) =>
        RequireSame(found.Order(StringComparer.Ordinal), expected.Order(StringComparer.Ordinal), what);
}
