using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Compares an earlier with a later snapshot of one document: whatever the earlier one shows must stand in the later one.</summary>
internal static class MonotonicityChecker
{
    /// <summary>The first thing that was taken back or changed, with its path; <see langword="null"/> when the later snapshot only grew.</summary>
    public static string? FindViolation(PartialJsonElement earlier, PartialJsonElement later, string path = "$")
    {
        if (earlier.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        if (later.ValueKind != earlier.ValueKind)
        {
            return $"{path}: kind {earlier.ValueKind} became {later.ValueKind}";
        }

        if (earlier.IsComplete && !later.IsComplete)
        {
            return $"{path}: was complete and is not";
        }

        if (earlier.IsComplete && earlier.GetRawText() != later.GetRawText())
        {
            return $"{path}: complete text {earlier.GetRawText()} became {later.GetRawText()}";
        }

        return earlier.ValueKind switch
        {
            JsonValueKind.Object => FindInObject(earlier, later, path),
            JsonValueKind.Array => FindInArray(earlier, later, path),
            JsonValueKind.String => FindInText(earlier.GetString()!, later.GetString()!, earlier.IsComplete, path),
            JsonValueKind.Number when !later.GetRawText().StartsWith(earlier.GetRawText(), StringComparison.Ordinal) =>
                $"{path}: number {earlier.GetRawText()} became {later.GetRawText()}",
            _ => null,
        };
    }

    private static string? FindInText(string earlier, string later, bool isComplete, string path) =>
        isComplete ? earlier == later ? null : $"{path}: complete string changed"
        : later.StartsWith(earlier, StringComparison.Ordinal) ? null : $"{path}: string \"{earlier}\" became \"{later}\"";

    private static string? FindInArray(PartialJsonElement earlier, PartialJsonElement later, string path)
    {
        var before = earlier.EnumerateArray().ToArray();
        var after = later.EnumerateArray().ToArray();
        if (before.Length != earlier.GetArrayLength() || after.Length != later.GetArrayLength())
        {
            return $"{path}: length and enumeration differ";
        }

        if (after.Length < before.Length || (earlier.IsComplete && after.Length != before.Length))
        {
            return $"{path}: {before.Length} elements became {after.Length}";
        }

        return before.Select((item, index) => FindViolation(item, after[index], $"{path}[{index}]")).FirstOrDefault(found => found is not null);
    }

    private static string? FindInObject(PartialJsonElement earlier, PartialJsonElement later, string path)
    {
        var before = earlier.EnumerateObject().ToArray();
        var after = later.EnumerateObject().ToArray();
        if (before.Length != earlier.GetPropertyCount() || after.Length != later.GetPropertyCount())
        {
            return $"{path}: count and enumeration differ";
        }

        if (after.Length < before.Length || (earlier.IsComplete && after.Length != before.Length))
        {
            return $"{path}: {before.Length} properties became {after.Length}";
        }

        for (var index = 0; index < before.Length; index++)
        {
            if (before[index].Name != after[index].Name)
            {
                return $"{path}: property {before[index].Name} became {after[index].Name}";
            }

            if (FindViolation(before[index].Value, after[index].Value, $"{path}.{before[index].Name}") is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
