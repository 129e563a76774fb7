using System.Reflection;
using System.Runtime.CompilerServices;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>The JSON code stays small: one idea per type, with few fields, in whole files.</summary>
public sealed class RepairSizeTests
{
    private const int MostFields = 12;
    private const int MostLines = 400;
    private const int MostLinesOfRepair = 3_200;

    private static readonly string Folder = Repository.Combine("src", "Streamline.Core", "Json");

    private static readonly string[] Files = Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories);

    [Fact]
    public void Types_HaveFewFields()
    {
        var types = typeof(PartialJson).Assembly.GetTypes().Where(type => type.Namespace == typeof(PartialJson).Namespace && !type.IsEnum && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)).ToList();
        types.Should().HaveCountGreaterThan(Files.Length / 2);
        foreach (var type in types)
        {
            type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length.Should().BeLessThanOrEqualTo(MostFields, type.Name);
        }
    }

    [Fact]
    public void Files_AreShort()
    {
        foreach (var file in Files)
        {
            File.ReadAllLines(file).Length.Should().BeLessThanOrEqualTo(MostLines, file);
        }

        Directory.GetFiles(Path.Combine(Folder, "Repair"), "*.cs").Sum(file => File.ReadAllLines(file).Length).Should().BeLessThanOrEqualTo(MostLinesOfRepair);
    }

    [Fact]
    public void Files_HoldWholeTypes() =>
        Files.Where(file => File.ReadAllText(file).Contains(" partial ", StringComparison.Ordinal)).Should().BeEmpty();
}
