using System.Text.RegularExpressions;
using System.Xml.Linq;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Architecture.Tests;

/// <summary>What IntelliSense shows of a public member is short and complete. Details belong into values, remarks and parameters.</summary>
public sealed partial class SummaryTests
{
    private const int MaxChars = 330;

    [Theory]
    [InlineData("Streamline.Core")]
    [InlineData("Streamline.Tools")]
    [InlineData("Streamline.Testing")]
    public void Summaries_OfPublicMembers_AreShortSentences(string package)
    {
        var assembly = package switch { "Streamline.Core" => typeof(StreamProtocol).Assembly, "Streamline.Tools" => typeof(ToolSet).Assembly, _ => typeof(ScriptedProvider).Assembly };
        var types = assembly.GetExportedTypes().Select(type => type.FullName!.Replace('+', '.')).ToHashSet(StringComparer.Ordinal);
        var members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => types.Contains(TypeOf((string)member.Attribute("name")!)))
            .ToList();

        members.Should().HaveCountGreaterThan(50);
        members.Where(member => member.Element("summary") is { } summary && !IsShortSentence(TextOf(summary)))
            .Select(member => $"{(string)member.Attribute("name")!}: {TextOf(member.Element("summary")!)}")
            .Should().BeEmpty();
    }

    private static bool IsShortSentence(string text) => text is { Length: > 0 and <= MaxChars } && text[^1] == '.' && (char.IsUpper(text[0]) || !char.IsLetter(text[0]));

    private static string TextOf(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(node => node is XElement element ? Shown(element) : ((XText)node).Value)), " ").Trim();

    // A reference shows the last part of its name.
    private static string Shown(XElement element) =>
        element.Value.Length > 0 ? element.Value : ((string?)element.Attribute("cref") ?? (string?)element.Attribute("langword") ?? (string?)element.Attribute("name") ?? "").Split('(')[0].Split('.')[^1];

    // "P:Streamline.StreamState.Text" belongs to "Streamline.StreamState".
    private static string TypeOf(string id)
    {
        var name = id[2..].Split('(')[0];
        return id[0] == 'T' ? name : name[..Math.Max(0, name.LastIndexOf('.'))];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
