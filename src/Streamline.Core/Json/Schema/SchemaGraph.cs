using System.Text.Json.Nodes;

namespace Streamline.Json;

/// <summary>Which definitions of a JSON schema refer to which. A definition is named as references name it: <c>#/$defs/step</c>, or <c>#</c> for the schema itself.</summary>
internal sealed class SchemaGraph
{
    /// <summary>The reference to the schema itself.</summary>
    public const string Root = "#";

    /// <summary>The member that holds the definitions.</summary>
    public const string Definitions = "$defs";

    /// <summary>The member that refers to a definition.</summary>
    public const string Reference = "$ref";

    private readonly Dictionary<string, HashSet<string>> _references = new(StringComparer.Ordinal);

    /// <summary>Initializes a new instance of the <see cref="SchemaGraph"/> class.</summary>
    /// <param name="schema">The schema.</param>
    public SchemaGraph(JsonObject schema)
    {
        _references[Root] = ReferencesOf(schema);
        foreach (var (name, definition) in schema[Definitions] as JsonObject ?? [])
        {
            _references[$"#/{Definitions}/{name}"] = ReferencesOf(definition);
        }
    }

    /// <summary>Gets a value indicating whether a definition contains itself, at any depth.</summary>
    public bool IsRecursive => _references.Keys.Any(name => Reaches(name, name));

    /// <summary>Tells whether a definition contains another one, at any depth.</summary>
    public bool Reaches(string definition, string other)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>([definition]);
        while (pending.TryPop(out var next))
        {
            foreach (var reference in _references.GetValueOrDefault(next) ?? [])
            {
                if (reference == other)
                {
                    return true;
                }

                if (seen.Add(reference))
                {
                    pending.Push(reference);
                }
            }
        }

        return false;
    }

    /// <summary>Gets the definitions that a part of a schema refers to, without its own definitions.</summary>
    public static HashSet<string> ReferencesOf(JsonNode? part)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, reference) in Holders(part, withDefinitions: false))
        {
            found.Add(reference);
        }

        return found;
    }

    /// <summary>Finds the references in a schema.</summary>
    /// <param name="part">The schema, or a part of it.</param>
    /// <param name="withDefinitions">Whether to look into its definitions too.</param>
    /// <returns>The schemas that have a reference, with the reference.</returns>
    public static IEnumerable<(JsonObject Holder, string Reference)> Holders(JsonNode? part, bool withDefinitions)
    {
        switch (part)
        {
            case JsonObject schema:
                if (schema[Reference] is JsonValue value && value.TryGetValue<string>(out var reference))
                {
                    yield return (schema, reference);
                }

                var members = schema.Where(member => !IsData(member.Key, member.Value) && (withDefinitions || member.Key != Definitions)).SelectMany(member => Holders(member.Value, withDefinitions));
                foreach (var holder in members)
                {
                    yield return holder;
                }

                break;
            case JsonArray array:
                foreach (var holder in array.SelectMany(item => Holders(item, withDefinitions)))
                {
                    yield return holder;
                }

                break;
            default:
                break;
        }
    }

    // A property may have the name of a keyword; its schema is an object, or `true`.
    private static bool IsData(string keyword, JsonNode? value) => keyword is "enum" or "examples" && value is JsonArray;
}
