using System.Reflection;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>
/// The public surface of each package is written down beside this test, so that every change of it shows in a diff. To accept a
/// change, run the tests with the environment variable <c>STREAMLINE_ACCEPT_API=1</c> and commit the files.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Streamline.Core")]
    [InlineData("Streamline.Tools")]
    [InlineData("Streamline.Testing")]
    public void PublicSurface_OfAPackage_IsTheOneWrittenDown(string package)
    {
        var assembly = package switch
        {
            "Streamline.Core" => typeof(StreamProtocol).Assembly,
            "Streamline.Tools" => typeof(ToolSet).Assembly,
            _ => typeof(ScriptedProvider).Assembly,
        };
        var file = Repository.Combine("tests", "Streamline.Architecture.Tests", "PublicApi", $"{package}.txt");
        var surface = PublicApi.Describe(assembly);
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, surface);
        }

        var accepted = File.ReadAllText(file);

        Changes(accepted, surface).Should().BeEmpty("a change of the public surface must be accepted; see the summary of this class");
        surface.Should().Be(accepted);
    }

    private static IEnumerable<string> Changes(string accepted, string surface)
    {
        var before = accepted.Split('\n');
        var after = surface.Split('\n');
        return before.Except(after, StringComparer.Ordinal).Select(line => "- " + line)
            .Concat(after.Except(before, StringComparer.Ordinal).Select(line => "+ " + line));
    }
}
