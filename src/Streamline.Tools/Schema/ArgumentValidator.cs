using System.Globalization;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>
/// Checks arguments against the JSON schema of their tool, and says in words that a model understands what is missing, mistyped or not allowed.
/// Knows the keywords that tools use; a keyword, type or reference that it does not know is never an error.
/// </summary>
internal sealed class ArgumentValidator(JsonElement schema)
{
    private const int MaxDepth = 64;
    private const int MaxProblems = 8;
    private const int MaxShownLength = 64;

    // A schema that refers to itself can ask for exponential work. What is not checked is not an error.
    private const int MaxSteps = 200_000;

    /// <summary>Checks arguments.</summary>
    /// <returns>What is wrong, one sentence for each of the first problems; <see langword="null"/> when nothing is.</returns>
    public string? Check(JsonElement arguments)
    {
        var problems = new Findings(new StepCounter());
        try
        {
            Check(arguments, schema, "", MaxDepth, problems);
        }
        catch (InvalidOperationException)
        {
            // A name or text with half of a surrogate pair, which is valid JSON and not text that can be compared.
            return null;
        }

        return problems.Count == 0 ? null : string.Join(' ', problems.Take(MaxProblems).Select(problem => problem + "."));
    }

    private void Check(JsonElement value, JsonElement rule, string path, int depth, Findings problems)
    {
        if (rule.ValueKind == JsonValueKind.False)
        {
            problems.Add(new ArgumentProblem(path, "not allowed"));
        }

        if (rule.ValueKind != JsonValueKind.Object || depth == 0 || problems.Count >= MaxProblems || ++problems.Steps.Count > MaxSteps)
        {
            return;
        }

        if (rule.TryGetProperty("$ref"u8, out var reference) && Resolve(reference) is { } target)
        {
            Check(value, target, path, depth - 1, problems);
        }

        if (!CheckType(value, rule, path, problems) || !CheckValues(value, rule, path, problems))
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, rule, path, depth, problems);
                break;
            case JsonValueKind.Array:
                CheckArray(value, rule, path, depth, problems);
                break;
            case JsonValueKind.String:
                CheckCount(value.GetString()!.EnumerateRunes().Count(), rule, "minLength"u8, "maxLength"u8, "characters", path, problems);
                break;
            case JsonValueKind.Number:
                CheckNumber(value, rule, path, problems);
                break;
            default:
                break;
        }

        CheckCombinations(value, rule, path, depth, problems);
    }

    private static bool CheckType(JsonElement value, JsonElement rule, string path, Findings problems)
    {
        if (!rule.TryGetProperty("type"u8, out var type))
        {
            return true;
        }

        string[] allowed = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array => [.. type.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)],
            _ => [],
        };
        if (allowed.Length == 0 || allowed.Any(name => IsOfType(value, name)))
        {
            return true;
        }

        problems.Add(new ArgumentProblem(path, $"expected {string.Join(" or ", allowed)}, found {NameOf(value)}"));
        return false;
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && IsInteger(value),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static bool IsInteger(JsonElement value) =>
        value.TryGetInt64(out _) || (value.TryGetDecimal(out var exact) ? exact == decimal.Truncate(exact) : value.TryGetDouble(out var number) && Math.Floor(number) == number);

    private static bool CheckValues(JsonElement value, JsonElement rule, string path, Findings problems)
    {
        if (rule.TryGetProperty("enum"u8, out var values) && values.ValueKind == JsonValueKind.Array && !values.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)))
        {
            problems.Add(new ArgumentProblem(path, $"expected one of {Show(string.Join(", ", values.EnumerateArray().Select(allowed => allowed.GetRawText())), 512)}; found {Show(value.GetRawText())}"));
            return false;
        }

        if (rule.TryGetProperty("const"u8, out var only) && !JsonElement.DeepEquals(only, value))
        {
            problems.Add(new ArgumentProblem(path, $"expected {Show(only.GetRawText())}; found {Show(value.GetRawText())}"));
            return false;
        }

        return true;
    }

    private void CheckObject(JsonElement value, JsonElement rule, string path, int depth, Findings problems)
    {
        if (rule.TryGetProperty("required"u8, out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _)))
            {
                problems.Add(new ArgumentProblem(Member(path, name.GetString()!), "missing"));
            }
        }

        var hasProperties = rule.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object;
        var hasPatterns = rule.TryGetProperty("patternProperties"u8, out _);
        var hasMore = rule.TryGetProperty("additionalProperties"u8, out var additional);
        foreach (var member in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(member.Name, out var known))
            {
                Check(member.Value, known, Member(path, member.Name), depth - 1, problems);
            }
            else if (hasMore && !hasPatterns && additional.ValueKind == JsonValueKind.False)
            {
                problems.Add(new ArgumentProblem(Member(path, member.Name), "unknown member"));
            }
            else if (hasMore && !hasPatterns)
            {
                Check(member.Value, additional, Member(path, member.Name), depth - 1, problems);
            }
        }

        CheckCount(value.GetPropertyCount(), rule, "minProperties"u8, "maxProperties"u8, "members", path, problems);
    }

    private void CheckArray(JsonElement value, JsonElement rule, string path, int depth, Findings problems)
    {
        CheckCount(value.GetArrayLength(), rule, "minItems"u8, "maxItems"u8, "items", path, problems);
        var prefixed = rule.TryGetProperty("prefixItems"u8, out var prefix) && prefix.ValueKind == JsonValueKind.Array ? prefix.GetArrayLength() : 0;
        var hasItems = rule.TryGetProperty("items"u8, out var items);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (index < prefixed || hasItems)
            {
                Check(item, index < prefixed ? prefix[index] : items, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), depth - 1, problems);
            }

            index++;
        }
    }

    private static void CheckNumber(JsonElement value, JsonElement rule, string path, Findings problems)
    {
        Compare("minimum"u8, static (number, bound) => number >= bound, "at least");
        Compare("maximum"u8, static (number, bound) => number <= bound, "at most");
        Compare("exclusiveMinimum"u8, static (number, bound) => number > bound, "more than");
        Compare("exclusiveMaximum"u8, static (number, bound) => number < bound, "less than");

        void Compare(ReadOnlySpan<byte> keyword, Func<double, double, bool> isFine, string words)
        {
            if (rule.TryGetProperty(keyword, out var bound) && bound.ValueKind == JsonValueKind.Number && !isFine(value.GetDouble(), bound.GetDouble()))
            {
                problems.Add(new ArgumentProblem(path, $"expected {words} {bound.GetRawText()}; found {Show(value.GetRawText())}"));
            }
        }
    }

    private static void CheckCount(
        int count, JsonElement rule, ReadOnlySpan<byte> least, ReadOnlySpan<byte> most, string unit, string path, Findings problems)
    {
        if (rule.TryGetProperty(least, out var minimum) && minimum.ValueKind == JsonValueKind.Number && count < minimum.GetDouble())
        {
            problems.Add(new ArgumentProblem(path, string.Create(CultureInfo.InvariantCulture, $"expected at least {minimum.GetRawText()} {unit}; found {count}")));
        }

        if (rule.TryGetProperty(most, out var maximum) && maximum.ValueKind == JsonValueKind.Number && count > maximum.GetDouble())
        {
            problems.Add(new ArgumentProblem(path, string.Create(CultureInfo.InvariantCulture, $"expected at most {maximum.GetRawText()} {unit}; found {count}")));
        }
    }

    private void CheckCombinations(JsonElement value, JsonElement rule, string path, int depth, Findings problems)
    {
        foreach (var all in Rules(rule, "allOf"u8))
        {
            Check(value, all, path, depth - 1, problems);
        }

        CheckAlternatives(Rules(rule, "anyOf"u8), most: int.MaxValue);
        CheckAlternatives(Rules(rule, "oneOf"u8), most: 1);

        void CheckAlternatives(IReadOnlyList<JsonElement> alternatives, int most)
        {
            if (alternatives.Count == 0)
            {
                return;
            }

            List<Findings> found = [.. alternatives.Select(alternative =>
            {
                var ofOne = new Findings(problems.Steps);
                Check(value, alternative, path, depth - 1, ofOne);
                return ofOne;
            })];
            var matches = found.Count(ofOne => ofOne.Count == 0);
            if (matches == 0)
            {
                // The nearest alternative is the one that the model meant.
                problems.AddRange(found.MinBy(ofOne => ofOne.Count)!);
            }
            else if (matches > most)
            {
                problems.Add(new ArgumentProblem(path, string.Create(CultureInfo.InvariantCulture, $"matches {matches} of the alternatives, of which only one is allowed")));
            }
        }
    }

    private static JsonElement[] Rules(JsonElement rule, ReadOnlySpan<byte> keyword) =>
        rule.TryGetProperty(keyword, out var rules) && rules.ValueKind == JsonValueKind.Array ? [.. rules.EnumerateArray()] : [];

    /// <summary>Finds a rule of this schema by its JSON Pointer; <see langword="null"/> for any other reference.</summary>
    private JsonElement? Resolve(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer])
        {
            return null;
        }

        var found = schema;
        foreach (var part in Uri.UnescapeDataString(pointer).Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var isFound = found.ValueKind switch
            {
                JsonValueKind.Object => found.TryGetProperty(name, out found),
                JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength() => Descend(ref found, index),
                _ => false,
            };
            if (!isFound)
            {
                return null;
            }
        }

        return found;
    }

    private static bool Descend(ref JsonElement element, int index)
    {
        element = element[index];
        return true;
    }

    private sealed class StepCounter
    {
        public int Count;
    }

    private sealed class Findings(StepCounter steps) : List<ArgumentProblem>
    {
        public StepCounter Steps => steps;
    }

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "string " + Show(value.GetRawText()),
        JsonValueKind.Number => "number " + Show(value.GetRawText()),
        _ => "boolean " + value.GetRawText(),
    };

    private static string Member(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Show(string text, int maxLength = MaxShownLength) => text.Length > maxLength ? text[..maxLength] + "…" : text;
}
