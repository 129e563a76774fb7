using System.Reflection;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>The repair stays small: one idea per class, with few fields, and one table of what it does.</summary>
public sealed class RepairSizeTests
{
    private const int MostFields = 12;
    private const int MostLines = 400;

    private static readonly string[] Files =
    [
        .. Directory.GetFiles(Repository.Combine("src", "Streamline.Core", "Json", "Repair"), "*.cs"),
        .. Directory.GetFiles(Repository.Combine("src", "Streamline.Core", "Json", "Surroundings"), "*.cs"),
    ];

    [Fact]
    public void Types_OfTheRepair_HaveFewFields()
    {
        var types = Files.Select(file => typeof(PartialJson).Assembly.GetType($"Streamline.Json.{Path.GetFileNameWithoutExtension(file)}")).ToList();
        types.Should().HaveCountGreaterThan(20).And.NotContainNulls();
        foreach (var type in types)
        {
            type!.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length.Should().BeLessThanOrEqualTo(MostFields, type.Name);
        }
    }

    [Fact]
    public void Files_OfTheRepair_AreShortAndHoldWholeClasses()
    {
        foreach (var file in Files)
        {
            var lines = File.ReadAllLines(file);
            lines.Length.Should().BeLessThanOrEqualTo(MostLines, file);
            lines.Should().NotContain(line => line.Contains("partial class", StringComparison.Ordinal) && !lines.Any(other => other.Contains("[GeneratedRegex", StringComparison.Ordinal)), file);
        }
    }
}
