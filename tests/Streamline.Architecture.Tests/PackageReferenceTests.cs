using System.Reflection;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Architecture.Tests;

/// <summary>What each package may depend on.</summary>
public sealed class PackageReferenceTests
{
    private static readonly string[] CoreMayUse = ["Polly.Core", "Microsoft.Extensions.", "System.", "netstandard", "Microsoft.Win32."];

    public static TheoryData<string> Packages() => [nameof(Core), nameof(Tools), nameof(Testing)];

    private static Assembly Core => typeof(StreamProtocol).Assembly;

    private static Assembly Tools => typeof(ToolSet).Assembly;

    private static Assembly Testing => typeof(ScriptedProvider).Assembly;

    [Fact]
    public void Core_References_AreTheAllowedOnes() =>
        Core.GetReferencedAssemblies().Select(name => name.Name!)
            .Should().OnlyContain(name => CoreMayUse.Any(allowed => name.StartsWith(allowed, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Packages))]
    public void InternalsVisibleTo_NamesTestsAndBenchmarksOnly(string package)
    {
        var assembly = package switch { nameof(Core) => Core, nameof(Tools) => Tools, _ => Testing };

        assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            .Select(attribute => attribute.AssemblyName)
            .Should().OnlyContain(name => name.EndsWith(".Tests", StringComparison.Ordinal) || name.EndsWith(".Benchmarks", StringComparison.Ordinal)
                || name.EndsWith(".Fuzz", StringComparison.Ordinal) || name.EndsWith(".Chaos", StringComparison.Ordinal));
    }

    [Fact]
    public void Events_AreAClosedHierarchy()
    {
        var constructors = typeof(StreamEvent).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);

        constructors.Should().OnlyContain(constructor => constructor.IsFamilyAndAssembly || constructor.IsAssembly);
        Core.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(StreamEvent))).Should().OnlyContain(type => type.IsSealed);
    }
}
