using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>A document put together from change notices alone: their kinds, paths, added texts, and the kind of a value that began.</summary>
internal sealed class RebuiltDocument
{
    private Node? _root;

    public void Apply(PartialJsonChangeEnumerator changes)
    {
        foreach (var change in changes)
        {
            Apply(change);
        }
    }

    public void Apply(PartialJsonChange change)
    {
        switch (change.Kind)
        {
            case PartialJsonChangeKind.Started:
                Start(change.GetPath(), change.Element.ValueKind);
                break;
            case PartialJsonChangeKind.Grew:
                var grown = Find(change.GetPath());
                grown.IsComplete.Should().BeFalse(change.ToString());
                grown.Text.Append(change.GetAddedText());
                break;
            default:
                var completed = Find(change.GetPath());
                completed.IsComplete.Should().BeFalse(change.ToString());
                completed.IsComplete = true;
                break;
        }
    }

    /// <summary>The same form as <see cref="JsonFeed.Describe(PartialJsonElement)"/>.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        if (_root is null)
        {
            return "~Undefined";
        }

        Describe(_root, text);
        return text.ToString();
    }

    private static void Describe(Node node, StringBuilder text)
    {
        text.Append(node.IsComplete ? '=' : '~');
        switch (node.Kind)
        {
            case JsonValueKind.Object or JsonValueKind.Array:
                text.Append(node.Kind == JsonValueKind.Object ? '{' : '[').Append(node.Children.Count).Append(':');
                foreach (var (name, child) in node.Children)
                {
                    text.Append(name is null ? "" : $"\"{name}\"");
                    Describe(child, text);
                }

                text.Append(node.Kind == JsonValueKind.Object ? '}' : ']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(node.Text).Append('"');
                break;
            case JsonValueKind.Number:
                text.Append(node.Kind).Append(node.Text);
                break;
            default:
                text.Append(node.Kind).Append(node.Kind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => "null" });
                break;
        }
    }

    private void Start(string path, JsonValueKind kind)
    {
        var node = new Node(kind);
        if (path.Length == 0)
        {
            _root.Should().BeNull("the root begins once");
            _root = node;
            return;
        }

        var slash = path.LastIndexOf('/');
        var parent = Find(path[..slash]);
        parent.IsComplete.Should().BeFalse(path);
        if (parent.Kind == JsonValueKind.Array)
        {
            path[(slash + 1)..].Should().Be(parent.Children.Count.ToString(CultureInfo.InvariantCulture), "elements begin in order");
        }

        parent.Children.Add((parent.Kind == JsonValueKind.Object ? Unescape(path[(slash + 1)..]) : null, node));
    }

    private Node Find(string path)
    {
        var node = _root!;
        foreach (var token in path.Split('/').Skip(1))
        {
            node = node.Kind == JsonValueKind.Array
                ? node.Children[int.Parse(token, CultureInfo.InvariantCulture)].Node
                : node.Children.Last(child => child.Name == Unescape(token)).Node;
        }

        return node;
    }

    private static string Unescape(string token) => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private sealed class Node(JsonValueKind kind)
    {
        public JsonValueKind Kind => kind;

        public bool IsComplete { get; set; }

        public StringBuilder Text { get; } = new();

        public List<(string? Name, Node Node)> Children { get; } = [];
    }
}
