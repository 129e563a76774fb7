using System.Reflection;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>What docs/providers.md says of the wires, held against the code.</summary>
public sealed class ProviderPageTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "providers.md"));

    [Fact]
    public void Wires_All_AreInTheTableWithTheirEndpointAndFraming()
    {
        foreach (var property in typeof(StreamProtocols).GetProperties(BindingFlags.Public | BindingFlags.Static))
        {
            var protocol = (StreamProtocol)property.GetValue(null)!;
            var framing = protocol.FrameFormat switch
            {
                FrameFormat.Sse => "server-sent events",
                FrameFormat.Ndjson => "lines of JSON",
                FrameFormat.JsonArray => "one JSON array",
                _ => "AWS event stream",
            };

            Page.Should().ContainSingle(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Split('|').Length == 6 && line.Contains($"`StreamProtocols.{property.Name}`", StringComparison.Ordinal))
                .Which.Should().Contain($"`{protocol.RequestPath}`").And.Contain(framing);
        }
    }

    [Fact]
    public void Tables_EachRow_HasACellForEachColumn()
    {
        var columns = 0;
        foreach (var line in Page)
        {
            var cells = line.StartsWith('|') ? line.Split('|').Length : 0;
            if (columns > 0 && cells > 0)
            {
                cells.Should().Be(columns, "of the row {0}", line);
            }

            columns = cells;
        }
    }
}
