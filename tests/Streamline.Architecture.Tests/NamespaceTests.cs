using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>What a user sees after <c>using Streamline;</c>: the types that every application names. A feature has a namespace of its own, which is the name of its folder.</summary>
public sealed partial class NamespaceTests
{
    private const int MaxRootTypes = 70;

    private static readonly string[] Features = ["Diagnostics", "Framing", "Json", "Resilience", "Sse", "Structured", "Text", "Workflows"];

    private static Type[] CoreTypes { get; } = typeof(StreamEvent).Assembly.GetExportedTypes();

    [Fact]
    public void RootNamespace_OfCore_HoldsFewTypes() =>
        CoreTypes.Where(type => type is { Namespace: nameof(Streamline), IsNested: false }).Select(type => type.Name).Should().HaveCountLessThanOrEqualTo(MaxRootTypes);

    [Theory]
    [InlineData(typeof(StreamClientBuilder), nameof(StreamClientBuilderExtensions))]
    [InlineData(typeof(IAsyncEnumerable<StreamEvent>), nameof(StreamEventExtensions))]
    public void Extensions_OfOneType_AreInOneClass(Type extended, string expected) =>
        CoreTypes.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)) && method.GetParameters()[0].ParameterType == extended)
            .Select(method => method.DeclaringType!.Name)
            .Distinct()
            .Should().Equal(expected);

    [Fact]
    public void Extensions_OfCoreTypes_NeedNoOtherUsing()
    {
        Type[] extended = [typeof(IStreamClient), typeof(StreamClientBuilder), typeof(IAsyncEnumerable<StreamEvent>)];

        CoreTypes.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)) && extended.Contains(method.GetParameters()[0].ParameterType))
            .Select(method => method.DeclaringType!.Namespace)
            .Should().NotBeEmpty().And.OnlyContain(name => name == nameof(Streamline));
    }

    [Fact]
    public void Namespaces_OfFeatures_AreThoseOfTheirFolders()
    {
        var core = Repository.Combine("src", "Streamline.Core");
        var files = Features.SelectMany(feature => Directory.EnumerateFiles(Path.Combine(core, feature), "*.cs", SearchOption.AllDirectories).Select(file => (Feature: feature, File: file))).ToList();

        files.Should().NotBeEmpty();
        files.Where(entry => Namespace().Match(File.ReadAllText(entry.File)).Groups["name"].Value != $"Streamline.{entry.Feature}")
            .Select(entry => Path.GetRelativePath(core, entry.File))
            .Should().BeEmpty();
    }

    [GeneratedRegex("^namespace (?<name>[^;]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();
}
