using System.Globalization;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Reads a JSON schema into rules, once per tool. Keywords, types and references that it does not know make no rule.</summary>
internal sealed class SchemaCompiler
{
    // A deeper or larger schema is checked as far as it was read.
    private const int MaxDepth = 64;
    private const int MaxRules = 20_000;

    // What is checked, and what says nothing about values. Any other keyword may exclude a value, which the rule does not see.
    private static readonly HashSet<string> Understood = new(StringComparer.Ordinal)
    {
        "type", "nullable", "enum", "const", "required", "properties", "additionalProperties", "items", "prefixItems", "allOf", "anyOf", "oneOf", "$ref",
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "discriminator", "propertyOrdering",
    };

    private readonly JsonElement _root;
    private readonly Dictionary<string, SchemaRule> _references = new(StringComparer.Ordinal);
    private int _rules;

    private SchemaCompiler(JsonElement root) => _root = root;

    public static SchemaRule Compile(JsonElement schema) => new SchemaCompiler(schema).Fill(new SchemaRule(), schema, MaxDepth);

    private SchemaRule Compile(JsonElement schema, int depth) => Fill(new SchemaRule(), schema, depth);

    private SchemaRule Fill(SchemaRule rule, JsonElement schema, int depth)
    {
        rule.IsNever = schema.ValueKind == JsonValueKind.False;
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return rule;
        }

        if (depth == 0 || ++_rules > MaxRules)
        {
            rule.IsPartial = true;
            return rule;
        }

        rule.IsPartial = schema.EnumerateObject().Any(static keyword => !Understood.Contains(keyword.Name) && !keyword.Name.StartsWith("x-", StringComparison.Ordinal));

        FillValues(rule, schema);
        if (schema.TryGetProperty("$ref"u8, out var reference))
        {
            rule.Reference = Resolve(reference, depth);
            rule.IsPartial |= rule.Reference is null;
        }

        rule.Properties = ReadProperties(schema, depth);
        if (schema.TryGetProperty("additionalProperties"u8, out var additional) && !schema.TryGetProperty("patternProperties"u8, out _))
        {
            rule.Additional = Compile(additional, depth - 1);
        }

        rule.Items = schema.TryGetProperty("items"u8, out var items) ? Compile(items, depth - 1) : null;
        rule.Prefix = ReadRules(schema, "prefixItems"u8, depth);
        rule.AllOf = ReadRules(schema, "allOf"u8, depth);
        rule.AnyOf = ReadRules(schema, "anyOf"u8, depth);
        rule.OneOf = ReadRules(schema, "oneOf"u8, depth);
        return rule;
    }

    private static void FillValues(SchemaRule rule, JsonElement schema)
    {
        rule.Types = ReadTypes(schema);
        rule.IsPartial |= rule.Types is null && schema.TryGetProperty("type"u8, out _);
        rule.IsNullable = schema.TryGetProperty("nullable"u8, out var nullable) && nullable.ValueKind == JsonValueKind.True;
        if (rule is { IsNullable: true, Types: { } types } && !types.Contains("null", StringComparer.Ordinal))
        {
            rule.Types = [.. types, "null"];
        }

        rule.Values = schema.TryGetProperty("enum"u8, out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray()] : null;
        rule.Only = schema.TryGetProperty("const"u8, out var only) ? only : null;
        rule.Required = schema.TryGetProperty("required"u8, out var required) && required.ValueKind == JsonValueKind.Array ? Texts(required) : null;
        rule.Length = (Bound(schema, "minLength"u8), Bound(schema, "maxLength"u8));
        rule.ItemCount = (Bound(schema, "minItems"u8), Bound(schema, "maxItems"u8));
        rule.MemberCount = (Bound(schema, "minProperties"u8), Bound(schema, "maxProperties"u8));
        rule.Range = (Bound(schema, "minimum"u8), Bound(schema, "maximum"u8));
        rule.OpenRange = (Bound(schema, "exclusiveMinimum"u8), Bound(schema, "exclusiveMaximum"u8));
    }

    private static string[]? ReadTypes(JsonElement schema)
    {
        if (!schema.TryGetProperty("type"u8, out var type))
        {
            return null;
        }

        string[] types = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array => Texts(type),
            _ => [],
        };
        var areKnown = Array.TrueForAll(types, static name => name is "object" or "array" or "string" or "number" or "integer" or "boolean" or "null");
        return types.Length > 0 && areKnown ? types : null;
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    private static SchemaBound? Bound(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var bound) && bound.ValueKind == JsonValueKind.Number ? new SchemaBound(bound.GetDouble(), bound.GetRawText()) : null;

    private SchemaProperties? ReadProperties(JsonElement schema, int depth)
    {
        if (!schema.TryGetProperty("properties"u8, out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var rules = new SchemaProperties();
        foreach (var property in properties.EnumerateObject())
        {
            rules.Add(property.Name, Compile(property.Value, depth - 1));
        }

        return rules;
    }

    private SchemaRule[]? ReadRules(JsonElement schema, ReadOnlySpan<byte> keyword, int depth)
    {
        if (!schema.TryGetProperty(keyword, out var rules) || rules.ValueKind != JsonValueKind.Array || rules.GetArrayLength() == 0)
        {
            return null;
        }

        return [.. rules.EnumerateArray().Select(rule => Compile(rule, depth - 1))];
    }

    /// <summary>Finds a rule of this schema by its JSON Pointer; <see langword="null"/> for any other reference. A schema may refer to itself.</summary>
    private SchemaRule? Resolve(JsonElement reference, int depth)
    {
        // What follows '#' without a slash is an anchor.
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer] || pointer is not ("" or ['/', ..]))
        {
            return null;
        }

        if (_references.TryGetValue(pointer, out var known))
        {
            return known;
        }

        if (Find(pointer) is not { } target)
        {
            return null;
        }

        var rule = _references[pointer] = new SchemaRule();
        return Fill(rule, target, depth - 1);
    }

    private JsonElement? Find(string pointer)
    {
        var found = _root;
        foreach (var part in Uri.UnescapeDataString(pointer).Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }
}
