using System.Net;
using Streamline.Protocols;

namespace Streamline.Testing.Tests;

/// <summary>A fault that never strikes would leave its test without a subject, so the test fails.</summary>
public sealed class LateFaultTests
{
    public static TheoryData<FaultPlan> Plans => new(
        new FaultPlan { AbortAt = FaultPoint.AfterEvent(300) },
        new FaultPlan { StallAt = FaultPoint.AtByte(100_000) },
        new FaultPlan { EndAt = FaultPoint.AfterEvent(99), ChunkSize = 7 },
        new FaultPlan { GarbageAt = FaultPoint.AtByte(100_000) },
        new FaultPlan { ErrorAfterEvent = 99 });

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task InProcess_FailsTheRequestAndSaysWhy(FaultPlan plan)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("one") with { Faults = plan }, ScriptedReply.Text("two"));
        using var http = new HttpClient(provider.CreateHandler());
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "key", "model")).UseRetry().Build();

        var act = async () => await client.GetResponseAsync("Hi.");

        await act.Should().ThrowAsync<InvalidOperationException>().WithMessage("*planned*but the *has only*");
        provider.Exchanges.Should().ContainSingle("a mistake in the test is not tried again");
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Failed);
        provider.Exchanges[0].Failure.Should().BeOfType<InvalidOperationException>();
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task OverASocket_IsAnErrorThatForbidsRetries(FaultPlan plan)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("one") with { Faults = plan });
        await using var client = await ProviderClient.OpenAsync(Door.Socket, provider);

        using var response = await client.PostAsync();

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        response.Headers.GetValues("x-should-retry").Should().Equal("false");
        (await response.Content.ReadAsStringAsync()).Should().Contain("planned");
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Failed);
    }

    [Fact]
    public async Task BehindThePlannedEnd_AreOfNoMatter()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("one") with { Faults = new FaultPlan { EndAt = FaultPoint.AfterEvent(2), AbortAt = FaultPoint.AfterEvent(300) } });
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);

        using var response = await client.PostAsync();

        (await ProviderClient.ReadAllAsync(response)).Failure.Should().BeNull();
    }

    [Fact]
    public async Task EventsThatAreMadeWhileTheyAreSent_FailAtTheirEnd()
    {
        var made = 0;
        var provider = new ScriptedProvider(ScriptedReply.Events(Events()) with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(10) } });
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);

        using var response = await client.PostAsync();

        made.Should().Be(0, "nothing is made before it is asked for");
        (await ProviderClient.ReadAllAsync(response)).Failure.Should().BeOfType<InvalidOperationException>();
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Failed);

        IEnumerable<StreamEvent> Events()
        {
            made++;
            yield return new ResponseStarted { Provider = "anthropic" };
            yield return new ContentStarted { Index = 0, Kind = ContentKind.Text };
        }
    }

    [Fact]
    public async Task Stalled_ExchangeThatIsOver_Fails()
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("no stall"),
            ScriptedReply.Text("behind the end") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(99) } },
            ScriptedReply.Text("left before") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(5) } });
        using var http = new HttpClient(provider.CreateHandler());
        var client = StreamProtocols.Anthropic.CreateClient(http, "key", "model");
        await client.GetResponseAsync("Hi.");
        await FluentActions.Awaiting(() => client.GetResponseAsync("Hi.")).Should().ThrowAsync<InvalidOperationException>();
        await using (var events = client.StreamAsync("Hi.").GetAsyncEnumerator())
        {
            await events.MoveNextAsync();
        }

        var (whole, late, left) = (provider.Exchanges[0], provider.Exchanges[1], provider.Exchanges[2]);
        await FluentActions.Awaiting(() => whole.Stalled.OrFail()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*outcome is Completed.");
        await FluentActions.Awaiting(() => left.Stalled.OrFail()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*outcome is ClientGone.");
        (await FluentActions.Awaiting(() => late.Stalled.OrFail()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*outcome is Failed."))
            .Which.InnerException!.Message.Should().Contain("after event 99");
    }

    [Fact]
    public async Task Stalled_ExchangeThatEndsAfterItsStall_StaysCompleted()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("one") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(2) } });
        using var http = new HttpClient(provider.CreateHandler());
        var answer = StreamProtocols.Anthropic.CreateClient(http, "key", "model").GetResponseAsync("Hi.");
        var exchange = await provider.WaitForExchangeAsync(0).OrFail();
        await exchange.Stalled.OrFail();
        exchange.Release();
        await answer.OrFail();

        await exchange.Completion.OrFail();
        exchange.Stalled.IsCompletedSuccessfully.Should().BeTrue();
    }
}
