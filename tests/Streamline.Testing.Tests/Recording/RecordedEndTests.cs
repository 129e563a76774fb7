using Streamline.Protocols;

namespace Streamline.Testing.Tests.Recording;

/// <summary>A recording tells a client that had the whole answer from one that left before its end.</summary>
public sealed class RecordedEndTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public static TheoryData<string, Door> Protocols
    {
        get
        {
            var data = new TheoryData<string, Door>();
            foreach (var property in typeof(StreamProtocols).GetProperties())
            {
                data.Add(property.Name, Door.InProcess);
                data.Add(property.Name, Door.Socket);
            }

            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task End_ClientThatHasTheWholeAnswer_IsComplete(string protocol, Door door)
    {
        var exchange = await RecordAsync(Named(protocol), door, ScriptedReply.Text("one two") with { Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } }, events: int.MaxValue);

        exchange.End.Should().Be(RecordedEnd.Complete);
        exchange.ToString().Should().EndWith("complete");
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task End_ClientThatLeavesBeforeTheEnd_IsLeft(string protocol, Door door)
    {
        var reply = ScriptedReply.Text("one two three") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(4) } };

        (await RecordAsync(Named(protocol), door, reply, events: 1)).End.Should().Be(RecordedEnd.Left);
    }

    [Fact]
    public async Task End_BodyOfAnUnknownPath_IsWhatWasWritten()
    {
        var text = await RecordTextAsync(StreamProtocols.Anthropic, Door.InProcess, ScriptedReply.Text("one"), events: int.MaxValue);

        RecordedExchange.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("/v1/messages", "/elsewhere", StringComparison.Ordinal))).End.Should().Be(RecordedEnd.Left);
    }

    private static StreamProtocol Named(string name) => (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;

    private async Task<RecordedExchange> RecordAsync(StreamProtocol protocol, Door door, ScriptedReply reply, int events) =>
        RecordedExchange.Parse(System.Text.Encoding.UTF8.GetBytes(await RecordTextAsync(protocol, door, reply, events)));

    private async Task<string> RecordTextAsync(StreamProtocol protocol, Door door, ScriptedReply reply, int events)
    {
        var provider = new ScriptedProvider(reply);
        await using var host = door == Door.Socket ? await ScriptedProviderHost.StartAsync(provider) : null;
        using (var http = new HttpClient(new ExchangeRecorder(_folder) { InnerHandler = host is null ? provider.CreateHandler() : new SocketsHttpHandler() }))
        {
            var client = protocol.CreateClient(http, new StreamClientOptions { BaseAddress = host?.BaseAddress ?? new Uri("http://provider/"), Model = "model", ApiKey = "key" });
            await foreach (var _ in client.StreamAsync("Hi."))
            {
                if (--events == 0)
                {
                    break;
                }
            }
        }

        return await File.ReadAllTextAsync(Directory.GetFiles(_folder).Single());
    }
}
