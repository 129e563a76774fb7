using System.Buffers;
using System.Net;
using System.Text;
using Streamline.Protocols;

namespace Streamline.Testing.Tests;

/// <summary>Each fault, as a plain HTTP client sees it by either door.</summary>
public class FaultTests
{
    private const string Body = "0123456789";

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task EndAt_Byte_IsAnEndWithoutAnError(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { EndAt = FaultPoint.AtByte(4) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync();
        var (bytes, failure) = await ProviderClient.ReadAllAsync(response);

        failure.Should().BeNull();
        Encoding.ASCII.GetString(bytes).Should().Be("0123");
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Completed);
    }

    [Theory]
    [InlineData(Door.InProcess, 0)]
    [InlineData(Door.InProcess, 4)]
    [InlineData(Door.InProcess, 10)]
    [InlineData(Door.Socket, 0)]
    [InlineData(Door.Socket, 4)]
    [InlineData(Door.Socket, 10)]
    public async Task AbortAt_Byte_GivesWhatCameBeforeAndThenFails(Door door, int offset)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { AbortAt = FaultPoint.AtByte(offset) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync();
        var (bytes, failure) = await ProviderClient.ReadAllAsync(response);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        failure.Should().BeOfType<HttpIOException>().Which.HttpRequestError.Should().Be(HttpRequestError.ResponseEnded);
        Encoding.ASCII.GetString(bytes).Should().Be(Body[..offset]);
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Aborted);
        provider.Exchanges[0].BytesWritten.Should().Be(offset);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task AbortAt_BeforeHead_FailsTheRequest(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { AbortAt = FaultPoint.BeforeHead }));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        var act = () => client.PostAsync();

        await act.Should().ThrowAsync<HttpRequestException>();
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Aborted);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task StallAt_Released_GoesOnToTheEnd(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { StallAt = FaultPoint.AtByte(3) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        using var response = await client.PostAsync();
        var exchange = await provider.WaitForExchangeAsync(0).OrFail();

        var reading = ProviderClient.ReadAllAsync(response);
        await exchange.Stalled.OrFail();
        exchange.BytesWritten.Should().Be(3);
        reading.IsCompleted.Should().BeFalse();
        exchange.Release();
        var (bytes, failure) = await reading.OrFail();

        failure.Should().BeNull();
        Encoding.ASCII.GetString(bytes).Should().Be(Body);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    [Trait("Law", "9")]
    public async Task StallAt_ClientCancels_IsSeenByTheProvider(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { StallAt = FaultPoint.AtByte(3) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        using var response = await client.PostAsync();
        await using var body = await response.Content.ReadAsStreamAsync();
        using var leaving = new CancellationTokenSource();
        await body.ReadExactlyAsync(new byte[3]).AsTask().OrFail();

        var read = body.ReadAsync(new byte[1], leaving.Token).AsTask();
        var exchange = provider.Exchanges[0];
        await exchange.Stalled.OrFail();
        exchange.IsClientGone.Should().BeFalse();
        await leaving.CancelAsync();
        var act = () => read.OrFail();

        await act.Should().ThrowAsync<OperationCanceledException>();
        (await exchange.Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
        exchange.IsClientGone.Should().BeTrue();
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    [Trait("Law", "9")]
    public async Task StallAt_ClientDisposesTheResponse_IsSeenByTheProvider(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { StallAt = FaultPoint.AtByte(3) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        var response = await client.PostAsync();
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[3]).AsTask().OrFail();

        response.Dispose();

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
        provider.Exchanges[0].BytesWritten.Should().Be(3);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    [Trait("Law", "9")]
    public async Task EndlessReply_ClientDisposesTheResponse_StopsBeingWritten(Door door)
    {
        var provider = new ScriptedProvider(ScriptedReply.Events(Endless()));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        var response = await client.PostAsync();
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[100_000]).AsTask().OrFail();

        response.Dispose();

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
        var written = provider.Exchanges[0].BytesWritten;
        await Task.Yield();
        provider.Exchanges[0].BytesWritten.Should().Be(written).And.BeGreaterThanOrEqualTo(100_000);

        static IEnumerable<StreamEvent> Endless()
        {
            yield return new ResponseStarted { Provider = "anthropic", ResponseId = "r", Model = "m" };
            yield return new ContentStarted { Index = 0, Kind = ContentKind.Text };
            while (true)
            {
                yield return new TextDelta { Index = 0, Text = "and so on " };
            }
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StallAt_ResponseDisposedDuringARead_FailsTheRead()
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { StallAt = FaultPoint.AtByte(0) }));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);
        var response = await client.PostAsync();
        var body = await response.Content.ReadAsStreamAsync();
        var read = body.ReadAsync(new byte[1]).AsTask();
        await provider.Exchanges[0].Stalled.OrFail();

        response.Dispose();

        var act = () => read.OrFail();
        await act.Should().ThrowAsync<ObjectDisposedException>();
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task StallAt_BeforeHead_GivesNoResponseUntilCancelled(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { StallAt = FaultPoint.BeforeHead }));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        using var leaving = new CancellationTokenSource();

        var sending = client.PostAsync(cancellationToken: leaving.Token);
        var exchange = await provider.WaitForExchangeAsync(0).OrFail();
        await exchange.Stalled.OrFail();
        sending.IsCompleted.Should().BeFalse();
        await leaving.CancelAsync();

        var act = () => sending;
        await act.Should().ThrowAsync<OperationCanceledException>();
        (await exchange.Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task GarbageAt_Byte_PutsTheBytesIn(Door door)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { GarbageAt = FaultPoint.AtByte(5) }));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync();
        var (bytes, _) = await ProviderClient.ReadAllAsync(response);

        bytes.Should().Equal([.. "01234"u8, .. FaultPlan.None.Garbage.Span, .. "56789"u8]);
    }

    [Theory]
    [InlineData(Door.InProcess, "anthropic")]
    [InlineData(Door.Socket, "anthropic")]
    [InlineData(Door.InProcess, "openai")]
    [InlineData(Door.InProcess, "openai-responses")]
    [InlineData(Door.Socket, "openai")]
    [InlineData(Door.Socket, "openai-responses")]
    public async Task ErrorAfterEvent_EachCount_IsTheLastWord(Door door, string wire)
    {
        var protocol = Wire(wire);
        var whole = await CountEventsAsync();
        for (var count = 0; count < whole; count++)
        {
            var provider = new ScriptedProvider(ScriptedReply.Text("One two three.") with { Faults = new FaultPlan { ErrorAfterEvent = count } });
            await using var client = await ProviderClient.OpenAsync(door, provider);

            using var response = await client.PostAsync(ProviderClient.PathOf(protocol));
            var (bytes, failure) = await ProviderClient.ReadAllAsync(response);

            failure.Should().BeNull();
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            var text = Encoding.UTF8.GetString(bytes);
            text.Should().Contain("overloaded_error");
            text.Contains("One", StringComparison.Ordinal).Should().Be(count > 2, "the text begins with the third event, and {0} were sent", count);
        }

        async Task<int> CountEventsAsync()
        {
            var reply = ScriptedReply.Text("One two three.");
            var request = new ScriptedRequest(0, protocol, "POST", "/", new Dictionary<string, string>(StringComparer.Ordinal), default);
            await Task.Yield();
            return reply.Content.ToFrames(reply, request, protocol).Count();
        }
    }

    [Theory]
    [InlineData(Door.InProcess, "anthropic")]
    [InlineData(Door.Socket, "openai")]
    [InlineData(Door.Socket, "openai-responses")]
    public async Task OmitTerminalEvent_Script_IsAllBytesButThoseOfItsEnd(Door door, string wire)
    {
        var protocol = Wire(wire);
        var reply = ScriptedReply.Text("One two three.");
        var provider = new ScriptedProvider(
            reply with { ResponseId = "r" }, reply with { ResponseId = "r", Faults = new FaultPlan { OmitTerminalEvent = true } });
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var whole = await client.PostAsync(ProviderClient.PathOf(protocol));
        var (wholeBytes, _) = await ProviderClient.ReadAllAsync(whole);
        using var cut = await client.PostAsync(ProviderClient.PathOf(protocol));
        var (cutBytes, failure) = await ProviderClient.ReadAllAsync(cut);

        failure.Should().BeNull();
        cutBytes.Length.Should().BeInRange(1, wholeBytes.Length - 1);
        wholeBytes.Take(cutBytes.Length).Should().Equal(cutBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task ChunkSize_InProcess_EachReadIsOneChunk(int size)
    {
        var provider = new ScriptedProvider(Raw(new FaultPlan { ChunkSize = size }));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);
        using var response = await client.PostAsync();
        await using var body = await response.Content.ReadAsStreamAsync();

        var reads = new List<int>();
        var buffer = new byte[100];
        while (await body.ReadAsync(buffer).AsTask().OrFail() is > 0 and var count)
        {
            reads.Add(count);
        }

        reads.Should().Equal(Body.Chunk(size).Select(chunk => chunk.Length));
    }

    [Fact]
    public async Task ChunkDelay_OnASocket_EachChunkArrivesByItself()
    {
        var time = new ManualTimeProvider();
        var plan = new FaultPlan { ChunkSize = 4, ChunkDelay = TimeSpan.FromSeconds(1) };
        var provider = new ScriptedProvider(new ScriptedProviderOptions { TimeProvider = time }, Raw(plan));
        await using var client = await ProviderClient.OpenAsync(Door.Socket, provider);
        using var response = await client.PostAsync();
        await using var body = await response.Content.ReadAsStreamAsync();

        var reads = new List<string>();
        var buffer = new byte[100];
        for (var i = 0; i < 3; i++)
        {
            reads.Add(Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer).AsTask().OrFail()));
            if (i < 2)
            {
                await time.WaitForTimersAsync().OrFail();
                time.Advance(plan.ChunkDelay);
            }
        }

        reads.Should().Equal("0123", "4567", "89");
        (await body.ReadAsync(buffer).AsTask().OrFail()).Should().Be(0);
        time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task Delay_BetweenEvents_PassesByTheInjectedClock()
    {
        var time = new ManualTimeProvider();
        var provider = new ScriptedProvider(
            new ScriptedProviderOptions { TimeProvider = time }, ScriptedReply.Text("One two.") with { Delay = TimeSpan.FromSeconds(1) });
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);
        using var response = await client.PostAsync();

        var reading = ProviderClient.ReadAllAsync(response);
        var ticks = 0;
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(time.WaitForTimersAsync(), reading).OrFail();
            time.Advance(TimeSpan.FromSeconds(1));
            ticks++;
        }

        (await reading).Failure.Should().BeNull();
        ticks.Should().BeGreaterThan(3);
    }

    internal static StreamProtocol Wire(string name) => name switch
    {
        "anthropic" => StreamProtocols.Anthropic,
        "openai-responses" => StreamProtocols.OpenAIResponses,
        "ollama" => StreamProtocols.Ollama,
        "gemini" => StreamProtocols.Gemini,
        "gemini-interactions" => StreamProtocols.GeminiInteractions,
        "bedrock" => StreamProtocols.BedrockConverse,
        "cohere" => StreamProtocols.Cohere,
        "bedrock-anthropic" => StreamProtocols.BedrockAnthropic,
        _ => StreamProtocols.OpenAIChat,
    };

    private static ScriptedReply Raw(FaultPlan faults) => ScriptedReply.Raw(Body) with { Faults = faults };
}
