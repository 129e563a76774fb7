using System.Text.Json;
using Streamline.Cli.Inspection;

namespace Streamline.Cli.Tests.Commands;

public sealed class InspectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [CorpusFact(Recordings.Pydantic)]
    public void Detect_EveryRecording_FindsItsProtocol()
    {
        var recordings = Recordings.All().Where(recording => recording.Frames > 0).ToList();

        var wrong = recordings.Where(recording => ProtocolDetector.Detect(recording.Body) is var found && (found?.Name != recording.Protocol.Name || found.ContentType != recording.Protocol.ContentType))
            .Select(recording => recording.File).ToList();

        recordings.Should().HaveCountGreaterThan(100);
        wrong.Should().BeEmpty();
    }

    [CorpusFact(Recordings.Pydantic)]
    public async Task Inspect_EveryRecording_GivesAReportOfTheSameEvents()
    {
        foreach (var recording in Recordings.All().Where(recording => recording.Frames > 0).Where((_, index) => index % 5 == 0))
        {
            var inspection = await ResponseInspection.CreateAsync(null, recording.Body, recording.Protocol, CancellationToken.None);

            var report = InspectionReport.Write(inspection, withEvents: true);
            report.Should().Contain($"protocol  {recording.Protocol.Name}\n").And.NotContain("\e");
            using var json = JsonDocument.Parse(InspectionJson.Write(inspection, withEvents: true));
            json.RootElement.GetProperty("events").GetArrayLength().Should().Be(inspection.Events.Count);
        }
    }

    [Fact]
    public async Task Inspect_OddBody_NamesWhatIsOdd()
    {
        var file = Path.Combine(_folder, "body");
        await File.WriteAllTextAsync(
            file,
            "\ufeffevent: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{}}}\r\n\r\n: ping\r\nbroken line\r\n"
            + "event: content_block_start\r\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}\r\n\r\n"
            + "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}\r\n\r\n"
            + "event: content_block_stop\r\ndata: {\"type\":\"content_block_stop\",\"index\":0}\r\n\r\n"
            + "event: novelty\r\ndata: {\"type\":\"novelty\"}\r\n\r\n");
        var run = new CliRun();

        (await run.RunAsync("inspect", file)).Should().Be(1);

        run.Output.ToString().Should()
            .Contain("odd       the body begins with a byte order mark").And.Contain("odd       1 comments").And.Contain("odd       lines end with carriage returns")
            .And.Contain("the first 'broken line'").And.Contain("odd       the stream ends before its end").And.Contain("odd       the arguments of f are not an object of JSON")
            .And.Contain("odd       1 events 'novelty'");
    }

    [Fact]
    public async Task Inspect_Recording_HasTimes()
    {
        var file = Path.Combine(_folder, "0001.jsonl");
        await File.WriteAllTextAsync(
            file,
            """
            {"streamline":"exchange","version":1,"method":"POST","address":"http://localhost:11434/api/chat","headers":{},"text":"{}"}
            {"at":20,"status":200,"headers":{"Content-Type":"application/x-ndjson"}}
            {"at":100,"text":"{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"done\":false}\n"}
            {"at":12100,"text":"{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"lo.\"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":5,\"eval_count\":2}\n"}
            {"at":12101,"end":"complete"}

            """);
        var run = new CliRun();

        (await run.RunAsync("inspect", file, "--events")).Should().Be(0);

        run.Output.ToString().Should()
            .Contain("response  m, stop, 5 + 2 tokens\n").And.Contain("timing    head 20 ms, first text 100 ms, end 12101 ms, 2 chunks, median gap 12000 ms, longest gap 12000 ms\n")
            .And.Contain("block     0 text, 6 characters: Hello.\n").And.Contain("odd       nothing came for 12.0 s before chunk 2\n").And.Contain("     100.0 ms  {\"type\":\"textDelta\"");
    }

    [Fact]
    public async Task Inspect_RecordedError_FailsWithItsWords()
    {
        var file = Path.Combine(_folder, "0001.jsonl");
        await File.WriteAllTextAsync(
            file,
            """
            {"streamline":"exchange","version":1,"method":"POST","address":"http://host/v1/messages","headers":{},"text":"{}"}
            {"at":20,"status":401,"headers":{}}
            {"at":21,"text":"{\"type\":\"error\",\"error\":{\"message\":\"Wrong key.\"}}"}
            {"at":21,"end":"complete"}
            """);
        var run = new CliRun();

        (await run.RunAsync("inspect", file)).Should().Be(1);

        run.Output.ToString().Should().Contain("401, 1 chunks, complete").And.Contain("Wrong key.");
    }

    [Theory]
    [InlineData("hello", "inspect", 2, "The protocol is not clear from the body")]
    [InlineData("hello", "inspect --protocol none", 2, "There is no protocol 'none'.")]
    [InlineData("{}", "inspect missing-file", 1, "missing-file")]
    [Trait("Finding", "BadInput")]
    public async Task Inspect_WhatCannotBe_SaysWhy(string input, string commandLine, int code, string message)
    {
        var run = new CliRun { Input = input };

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(code);

        run.Error.ToString().Should().Contain(message);
    }

    [Fact]
    public void Detect_CompatibleServers_AreFoundByTheirShapes()
    {
        ProtocolDetector.Detect("data: {\"choices\":[]}\n\n"u8).Should().Be(StreamProtocols.OpenAIChat);
        ProtocolDetector.Detect("""{"model":"m","message":{"content":"x"},"done":false}"""u8).Should().Be(StreamProtocols.Ollama);
        ProtocolDetector.Detect("[{\"candidates\":[]}]"u8).Should().Be(StreamProtocols.GeminiJsonArray);
        ProtocolDetector.Detect("data: {\"type\":\"message-start\"}\n\n"u8).Should().Be(StreamProtocols.Cohere);
        ProtocolDetector.Detect(""u8).Should().BeNull();
    }
}
