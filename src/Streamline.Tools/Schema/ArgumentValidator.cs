using System.Globalization;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>
/// Checks arguments against the JSON schema of their tool, and says in words that a model understands what is missing, mistyped or not allowed.
/// Arguments that are right cost next to nothing: the schema is read once, and paths are made only for problems. Thread-safe.
/// </summary>
internal sealed class ArgumentValidator(JsonElement schema)
{
    private const int MaxDepth = 64;
    private const int MaxProblems = 8;
    private const int MaxShownLength = 64;

    // A schema that refers to itself can ask for exponential work. What is not checked is not an error.
    private const int MaxSteps = 200_000;

    private readonly SchemaRule _rule = SchemaCompiler.Compile(schema);

    /// <summary>Checks arguments.</summary>
    /// <returns>What is wrong, one sentence for each of the first problems; <see langword="null"/> when nothing is.</returns>
    public string? Check(JsonElement arguments)
    {
        var findings = default(Findings);
        try
        {
            Check(arguments, _rule, MaxDepth, ref findings);
        }
        catch (InvalidOperationException)
        {
            // A name or text with half of a surrogate pair, which is valid JSON and not text that can be compared.
            return null;
        }

        return findings.Count == 0 ? null : string.Join(' ', findings.Problems!.Take(MaxProblems).Select(problem => problem + "."));
    }

    private static void Check(JsonElement value, SchemaRule rule, int depth, ref Findings findings)
    {
        if (rule.IsNever)
        {
            findings.Add("not allowed");
        }

        if (findings.Count >= MaxProblems || (rule.IsNullable && value.ValueKind == JsonValueKind.Null))
        {
            return;
        }

        findings.IsUnsure |= rule.IsPartial;
        if (depth == 0 || ++findings.Steps > MaxSteps)
        {
            findings.IsUnsure = true;
            return;
        }

        if (rule.Reference is { } target)
        {
            Check(value, target, depth - 1, ref findings);
        }

        if (!CheckType(value, rule, ref findings) || !CheckValues(value, rule, ref findings))
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, rule, depth, ref findings);
                break;
            case JsonValueKind.Array:
                CheckArray(value, rule, depth, ref findings);
                break;
            case JsonValueKind.String when rule.Length is not (null, null):
                CheckCount(CountCharacters(value.GetString()!), rule.Length, "characters", ref findings);
                break;
            case JsonValueKind.Number:
                CheckNumber(value, rule, ref findings);
                break;
            default:
                break;
        }

        CheckCombinations(value, rule, depth, ref findings);
    }

    private static bool CheckType(JsonElement value, SchemaRule rule, ref Findings findings)
    {
        if (rule.Types is not { } types)
        {
            return true;
        }

        foreach (var type in types)
        {
            if (IsOfType(value, type))
            {
                return true;
            }
        }

        findings.Add($"expected {string.Join(" or ", types)}, found {NameOf(value)}");
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
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private static bool IsInteger(JsonElement value) =>
        value.TryGetInt64(out _) || (value.TryGetDecimal(out var exact) && exact != 0 ? exact == decimal.Truncate(exact) : value.TryGetDouble(out var number) && Math.Floor(number) == number);

    private static bool CheckValues(JsonElement value, SchemaRule rule, ref Findings findings)
    {
        if (rule.Values is { } values && !values.Any(allowed => JsonElement.DeepEquals(allowed, value)))
        {
            findings.Add($"expected one of {Show(string.Join(", ", values.Select(allowed => allowed.GetRawText())), 512)}; found {Show(value.GetRawText())}");
            return false;
        }

        if (rule.Only is { } only && !JsonElement.DeepEquals(only, value))
        {
            findings.Add($"expected {Show(only.GetRawText())}; found {Show(value.GetRawText())}");
            return false;
        }

        return true;
    }

    private static void CheckObject(JsonElement value, SchemaRule rule, int depth, ref Findings findings)
    {
        foreach (var name in rule.Required ?? [])
        {
            if (!value.TryGetProperty(name, out _))
            {
                findings.Add("missing", name);
            }
        }

        if (rule.Properties is not null || rule.Additional is not null)
        {
            foreach (var member in value.EnumerateObject())
            {
                CheckMember(member, rule, depth, ref findings);
            }
        }

        CheckCount(value.GetPropertyCount(), rule.MemberCount, "members", ref findings);
    }

    private static void CheckMember(JsonProperty member, SchemaRule rule, int depth, ref Findings findings)
    {
        var known = rule.Properties?.Find(member);
        if (known is null && rule.Additional is { IsNever: true })
        {
            findings.Add("unknown member", member.Name);
        }
        else if ((known ?? rule.Additional) is { } ofMember)
        {
            var before = findings.Count;
            Check(member.Value, ofMember, depth - 1, ref findings);
            if (findings.Count > before)
            {
                findings.Place(before, member.Name);
            }
        }
    }

    private static void CheckArray(JsonElement value, SchemaRule rule, int depth, ref Findings findings)
    {
        CheckCount(value.GetArrayLength(), rule.ItemCount, "items", ref findings);
        if (rule.Prefix is null && rule.Items is null)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if ((index < rule.Prefix?.Length ? rule.Prefix[index] : rule.Items) is { } ofItem)
            {
                var before = findings.Count;
                Check(item, ofItem, depth - 1, ref findings);
                if (findings.Count > before)
                {
                    findings.Place(before, string.Create(CultureInfo.InvariantCulture, $"[{index}]"));
                }
            }

            index++;
        }
    }

    private static void CheckNumber(JsonElement value, SchemaRule rule, ref Findings findings)
    {
        var number = value.GetDouble();
        Compare(rule.Range.Least, number >= rule.Range.Least?.Value, "at least", ref findings);
        Compare(rule.Range.Most, number <= rule.Range.Most?.Value, "at most", ref findings);
        Compare(rule.OpenRange.Least, number > rule.OpenRange.Least?.Value, "more than", ref findings);
        Compare(rule.OpenRange.Most, number < rule.OpenRange.Most?.Value, "less than", ref findings);

        void Compare(SchemaBound? bound, bool isFine, string words, ref Findings findings)
        {
            if (bound is not null && !isFine)
            {
                findings.Add($"expected {words} {bound.Text}; found {Show(value.GetRawText())}");
            }
        }
    }

    private static void CheckCount(int count, (SchemaBound? Least, SchemaBound? Most) bounds, string unit, ref Findings findings)
    {
        if (count < bounds.Least?.Value)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"expected at least {bounds.Least.Text} {unit}; found {count}"));
        }

        if (count > bounds.Most?.Value)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"expected at most {bounds.Most.Text} {unit}; found {count}"));
        }
    }

    private static void CheckCombinations(JsonElement value, SchemaRule rule, int depth, ref Findings findings)
    {
        foreach (var all in rule.AllOf ?? [])
        {
            Check(value, all, depth - 1, ref findings);
        }

        CheckAlternatives(value, rule.AnyOf, most: int.MaxValue, depth, ref findings);
        CheckAlternatives(value, rule.OneOf, most: 1, depth, ref findings);
    }

    private static void CheckAlternatives(JsonElement value, SchemaRule[]? alternatives, int most, int depth, ref Findings findings)
    {
        if (alternatives is null)
        {
            return;
        }

        var matches = 0;
        var unsure = 0; // what may match, or not
        List<ArgumentProblem>? nearest = null; // the alternative that the model meant
        foreach (var alternative in alternatives)
        {
            var ofOne = new Findings { Steps = findings.Steps };
            Check(value, alternative, depth - 1, ref ofOne);
            findings.Steps = ofOne.Steps;
            matches += ofOne is { Count: 0, IsUnsure: false } ? 1 : 0;
            unsure += ofOne is { Count: 0, IsUnsure: true } ? 1 : 0;
            nearest = nearest is null || ofOne.Count < nearest.Count ? ofOne.Problems : nearest;
        }

        // One match is all that "any of" asks for.
        findings.IsUnsure |= unsure > 0 && (matches == 0 || most == 1);
        if (matches + unsure == 0)
        {
            findings.AddRange(nearest!);
        }
        else if (matches > most)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"matches {matches} of the alternatives, of which only one is allowed"));
        }
    }

    private static int CountCharacters(string text)
    {
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune;
            count++;
        }

        return count;
    }

    /// <summary>The kind of a value, and the value itself where it is short.</summary>
    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "string " + Show(value.GetRawText()),
        JsonValueKind.Number => "number " + Show(value.GetRawText()),
        _ => "boolean " + value.GetRawText(),
    };

    private static string Show(string text, int maxLength = MaxShownLength) => text.Length > maxLength ? text[..maxLength] + "…" : text;

    /// <summary>What was found, and how much work it took.</summary>
    private struct Findings
    {
        public int Steps;

        /// <summary>Whether something was not checked, so that a value without problems may still not match.</summary>
        public bool IsUnsure;

        public List<ArgumentProblem>? Problems { get; private set; }

        public readonly int Count => Problems?.Count ?? 0;

        public void Add(string text, string path = "") => (Problems ??= []).Add(new ArgumentProblem(path, text));

        public void AddRange(List<ArgumentProblem> problems) => (Problems ??= []).AddRange(problems);

        /// <summary>Says where the value is that the latest problems are of.</summary>
        public readonly void Place(int from, string place)
        {
            for (var i = from; i < Problems!.Count; i++)
            {
                Problems[i] = Problems[i].In(place);
            }
        }
    }
}
