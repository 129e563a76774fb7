using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Ollama;

/// <summary>Every recorded stream of this wire, recognised by its content, against an independent reading of the same file.</summary>
public class OllamaCorpusTests
{
    private const string Recordings = "semantic-kernel-streams";

    [CorpusFact(Recordings)]
    [Trait("Law", "1")]
    public async Task Read_Recordings_EqualTheOracleInEveryChunking()
    {
        foreach (var (name, file, oracle) in Files())
        {
            var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, file, name);
            exception.Should().BeNull(name);
            events.Should().NotContain(e => e is ProviderEvent, "{0} has nothing unknown", name);
            var state = WireRun.Fold(events);
            state.Model.Should().Be(oracle.Model, name);
            state.Text.Should().Be(oracle.Text.ToString(), name);
            string.Concat(state.Blocks.Where(block => block.Kind == ContentKind.Reasoning).Select(block => block.Text)).Should().Be(oracle.Thinking.ToString(), name);
            var calls = state.Blocks.Where(block => block.CallId is not null).ToList();
            calls.Select(block => (block.Name, block.Text)).Should().Equal(oracle.Calls.Select(call => ((string?)call.Name, call.Arguments)), name);
            calls.Select(block => block.CallId).Should().OnlyHaveUniqueItems(name);
            calls.Should().NotContain(block => block.ParseError != null, name);
            (state.Usage!.InputTokens, state.Usage.OutputTokens).Should().Be((oracle.InputTokens, oracle.OutputTokens), name);
            (state.RawFinishReason, state.FinishReason).Should().Be(
                (oracle.DoneReason, oracle.DoneReason == "stop" && oracle.Calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop), name);
        }
    }

    [CorpusFact(Recordings)]
    [Trait("Law", "4")]
    public async Task Read_RecordingsCutAnywhere_AreInterruptedUnlessTheyAreWhole()
    {
        foreach (var (name, file, _) in Files())
        {
            var end = file.AsSpan().TrimEnd("\r\n"u8).Length;
            for (var cut = 0; cut < end; cut++)
            {
                var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Ollama, file.AsMemory(0, cut));
                exception.Should().BeOfType<StreamInterruptedException>("{0} was cut at byte {1}", name, cut).Which.BytesReceived.Should().Be(cut);
                events.Should().NotContain(e => e is ResponseCompleted, "{0} was cut at byte {1}", name, cut);
            }
        }
    }

    [CorpusFact(Recordings)]
    public async Task Encode_Recordings_DecodesToTheSameEvents()
    {
        foreach (var (name, file, _) in Files())
        {
            var (events, _) = await WireRun.ReadAsync(StreamProtocols.Ollama, file);
            var (again, exception) = await WireRun.ReadAsync(StreamProtocols.Ollama, WireRun.Encode(StreamProtocols.Ollama, events));
            exception.Should().BeNull(name);
            again.ToLines().Should().Be(events.ToLines(), name);
        }
    }

    private static List<(string Name, byte[] File, OllamaOracle Oracle)> Files()
    {
        var files = Corpora.Files(Recordings)
            .Select(name => (Name: name, File: Corpora.ReadBytes(name)))
            .Select(file => (file.Name, file.File, Oracle: OllamaOracle.TryRead(file.File)))
            .Where(file => file.Oracle is { IsWhole: true })
            .Select(file => (file.Name, file.File, file.Oracle!))
            .ToList();
        files.Should().NotBeEmpty("the folder holds recordings of this wire");
        return files;
    }
}
