using System.Text;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>The rules of the named members of an object.</summary>
internal sealed class SchemaProperties
{
    // Up to so many names are compared one after another, which needs no text of the member's name.
    private const int MaxCompared = 16;

    private readonly List<(string Name, byte[] Utf8, SchemaRule Rule)> _rules = [];
    private readonly Dictionary<string, SchemaRule> _byName = new(StringComparer.Ordinal);

    public void Add(string name, SchemaRule rule)
    {
        if (_byName.TryAdd(name, rule))
        {
            _rules.Add((name, Encoding.UTF8.GetBytes(name), rule));
        }
    }

    public SchemaRule? Find(JsonProperty member)
    {
        if (_rules.Count > MaxCompared)
        {
            return _byName.GetValueOrDefault(member.Name);
        }

        foreach (var (_, utf8, rule) in _rules)
        {
            if (member.NameEquals(utf8))
            {
                return rule;
            }
        }

        return null;
    }
}
