using System.Text.Json;

namespace Streamline.Cli.Tests.Commands;

public sealed class RepairCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 1}""", "")]
    [InlineData("""{"a": [1, 2""", """{"a": [1, 2]}""", "")]
    [InlineData("```json\n{\"a\": 1}\n```\n", """{"a": 1}""", "line 1, column 1: ")]
    [InlineData("{\n  \"ä\": 1,,\n  \"b\": True\n}", """{ "ä": 1, "b": true }""", "line 2, column 10: ")]
    public async Task Repair_Text_GivesJsonAndSaysWhere(string text, string json, string report)
    {
        var run = new CliRun { Input = text };

        (await run.RunAsync("repair")).Should().Be(0);

        JsonSerializer.Serialize(JsonDocument.Parse(run.Output.ToString()).RootElement).Should().Be(JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement));
        if (report.Length == 0)
        {
            run.Error.ToString().Should().BeEmpty();
        }
        else
        {
            run.Error.ToString().Should().Contain(report);
        }
    }

    [Fact]
    public async Task Repair_Options_AreObeyed()
    {
        var file = Path.Combine(_folder, "text");
        var schema = Path.Combine(_folder, "schema.json");
        await File.WriteAllTextAsync(file, """{n: "3", }""");
        await File.WriteAllTextAsync(schema, """{"type":"object","properties":{"n":{"type":"integer"}}}""");
        var run = new CliRun();

        (await run.RunAsync("repair", file, "--schema", schema, "--indent", "--report-json")).Should().Be(0);

        run.Output.ToString().Should().Be("{\n  \"n\": 3\n}\n");
        using var report = JsonDocument.Parse(run.Error.ToString());
        report.RootElement.EnumerateArray().Select(repair => repair.GetProperty("kind").GetString()).Should().Contain("UnquotedName");
        var quiet = new CliRun();
        (await quiet.RunAsync("repair", file, "-q")).Should().Be(0);
        quiet.Error.ToString().Should().BeEmpty();
    }

    [Theory]
    [InlineData("safe", """{"a": 1 2}""")]
    [InlineData("none", """{"a": 1,}""")]
    [Trait("Finding", "BadInput")]
    public async Task Repair_BeyondTheMode_FailsAndWritesNothing(string mode, string text)
    {
        var run = new CliRun { Input = text };

        (await run.RunAsync("repair", "--mode", mode)).Should().Be(1);

        run.Output.ToString().Should().BeEmpty();
        run.Error.ToString().Should().StartWith("streamline: ");
    }

    [Fact]
    [Trait("Finding", "BadInput")]
    public async Task Repair_WrongCommandLine_SaysWhatToChange()
    {
        var schema = Path.Combine(_folder, "schema.json");
        await File.WriteAllTextAsync(schema, "{");
        var run = new CliRun { Input = "{}" };
        (await run.RunAsync("repair", "--schema", schema)).Should().Be(2);
        run.Error.ToString().Should().Contain("is not JSON");

        (await new CliRun { Input = "{}" }.RunAsync("repair", "--mode", "magic")).Should().Be(2);
        (await new CliRun { Input = "{}" }.RunAsync("repair", Path.Combine(_folder, "missing"))).Should().Be(1);
    }
}
