using System.Text.Json;

namespace Streamline.TestSupport.Json;

/// <summary>
/// Damages valid JSON systematically: every structural character of every document is deleted, doubled, replaced by each character that it is
/// mistaken for, and swapped with the next one. The same texts in the same order on every run.
/// </summary>
public static class FaultyJson
{
    private const int SecondFaultStride = 7919; // a prime, so that second faults are spread over the whole document

    /// <summary>All texts with one fault.</summary>
    public static IEnumerable<FaultyJsonText> WithOneFault() =>
        from document in FaultyJsonDocuments.All
        from fault in FindFaults(document.Text)
        let text = fault.ApplyTo(document.Text)
        where !IsValid(text) // what is still valid has no fault that could be seen
        select new FaultyJsonText(document, [fault], text);

    /// <summary>All texts with one fault, each with a second one elsewhere in the document.</summary>
    public static IEnumerable<FaultyJsonText> WithTwoFaults()
    {
        foreach (var document in FaultyJsonDocuments.All)
        {
            var faults = FindFaults(document.Text).ToArray();
            foreach (var (index, fault) in faults.Index())
            {
                var other = faults[(index + SecondFaultStride) % faults.Length];
                var (first, second) = fault.Position <= other.Position ? (fault, other) : (other, fault);
                if (second.Position < first.Position + first.Length || first == second)
                {
                    continue;
                }

                // The later one first, so that the position of the earlier one stays right.
                var text = first.ApplyTo(second.ApplyTo(document.Text));
                if (!IsValid(text))
                {
                    yield return new FaultyJsonText(document, [first, second], text);
                }
            }
        }
    }

    /// <summary>The positions of the structural characters of a valid text: brackets, braces, colons, commas, and the quotes around strings.</summary>
    public static IEnumerable<int> FindStructure(string text)
    {
        var isInString = false;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\':
                    index++; // only in strings
                    break;
                case '"':
                    isInString = !isInString;
                    yield return index;
                    break;
                case '{' or '}' or '[' or ']' or ':' or ',' when !isInString:
                    yield return index;
                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<JsonFault> FindFaults(string text)
    {
        foreach (var position in FindStructure(text))
        {
            var found = text[position];
            yield return new JsonFault(JsonFaultKind.Deleted, found, position, Length: 1, "");
            yield return new JsonFault(JsonFaultKind.Doubled, found, position, Length: 1, $"{found}{found}");
            foreach (var neighbour in NeighboursOf(found))
            {
                yield return new JsonFault(JsonFaultKind.Replaced, found, position, Length: 1, neighbour.ToString());
            }

            if (position + 1 < text.Length && text[position + 1] != found)
            {
                var next = text.Substring(position + 1, char.IsHighSurrogate(text[position + 1]) ? 2 : 1);
                yield return new JsonFault(JsonFaultKind.Swapped, found, position, 1 + next.Length, next + found);
            }
        }
    }

    // What is beside it on keyboards, and what stands for it in other notations.
    private static string NeighboursOf(char structural) => structural switch
    {
        '{' => "[",
        '}' => "]",
        '[' => "{",
        ']' => "}",
        ':' => ";=",
        ',' => ".;",
        _ => "'",
    };

    private static bool IsValid(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A document with faults.</summary>
/// <param name="Document">The document as it was meant.</param>
/// <param name="Faults">What was done to it, in the order of the text.</param>
/// <param name="Text">The text with the faults.</param>
public sealed record FaultyJsonText(FaultyJsonDocument Document, IReadOnlyList<JsonFault> Faults, string Text);
