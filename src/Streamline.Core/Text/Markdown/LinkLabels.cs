using System.Text;

namespace Streamline.Text;

/// <summary>The labels that are defined, and those that closed blocks may use as soon as they are.</summary>
internal sealed class LinkLabels(int maxLabels)
{
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _waiting = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Remembers the labels in the text of a closed block that are not defined.</summary>
    public void AddBlock(int id, string text)
    {
        var open = -1;
        for (var i = text.AsSpan().IndexOfAny('[', ']'); i >= 0 && i < text.Length; i = Next(text, i + 1))
        {
            if (i > 0 && text[i - 1] == '\\')
            {
                continue;
            }

            if (text[i] == '[')
            {
                open = i;
                continue;
            }

            // A destination of its own follows the text of an inline link.
            var isInline = i + 1 < text.Length && text[i + 1] == '(';
            if (open >= 0 && !isInline && Normalize(text.AsSpan(open + 1, i - open - 1)) is { Length: > 0 } label && !_defined.Contains(label))
            {
                Wait(label, id);
            }

            open = -1;
        }
    }

    /// <summary>Defines a label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="blocks">The closed blocks that may use it.</param>
    /// <returns><see langword="false"/> when it was defined before.</returns>
    public bool TryDefine(string label, out IReadOnlyList<int> blocks)
    {
        var normalized = Normalize(label);
        blocks = [];
        if (_defined.Contains(normalized))
        {
            return false;
        }

        if (_waiting.Remove(normalized, out var waiting))
        {
            blocks = waiting;
            _count -= waiting.Count;
        }

        Count();
        return _defined.Add(normalized);
    }

    private static int Next(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny('[', ']');
        return next < 0 ? -1 : from + next;
    }

    private void Wait(string label, int id)
    {
        if (!_waiting.TryGetValue(label, out var blocks))
        {
            _waiting.Add(label, blocks = []);
        }

        if (blocks.Count == 0 || blocks[^1] != id)
        {
            Count();
            blocks.Add(id);
        }
    }

    private void Count()
    {
        if (++_count > maxLabels)
        {
            throw new StreamLimitException(nameof(MarkdownOptions.MaxLabels), maxLabels, _count);
        }
    }

    private static string Normalize(ReadOnlySpan<char> label)
    {
        var normalized = new StringBuilder(label.Length);
        foreach (var next in label.Trim())
        {
            if (!char.IsWhiteSpace(next))
            {
                _ = next is 'ß' or 'ẞ' ? normalized.Append("SS") : normalized.Append(char.ToUpperInvariant(char.ToLowerInvariant(next)));
            }
            else if (normalized[^1] != ' ')
            {
                normalized.Append(' ');
            }
        }

        return normalized.ToString();
    }
}
