using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Failover;

/// <summary>What counts for or against a client, what another one is asked, and what is said about it.</summary>
public sealed class FailoverCountTests
{
    private static readonly ProviderException TooLong = new("test", HttpStatusCode.BadRequest, "context_length_exceeded", "too long");

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("left")]
    [InlineData("ended")]
    [InlineData("ended without content")]
    [InlineData("broke")]
    public async Task RequestsThatCount_MakeTheRatio(string first)
    {
        var primary = new FakeStreamClient(
            first switch
            {
                "left" => Stalls(Started(), Words("a")),
                "ended" => Ends(Started(), Words("a"), Completed()),
                "ended without content" => Ends(Started()),
                _ => Fails(new FormatException("a bug of its own"), Started(), Words("a")),
            },
            Fails(Interrupted()));
        var client = Build(primary, options => (options.MinimumRequests, options.FailureRatio) = (2, 0.5), Backup());
        await using (var events = client.StreamAsync(Request).GetAsyncEnumerator())
        {
            try
            {
                while (await events.MoveNextAsync() && (first != "left" || events.Current is not TextDelta))
                {
                }
            }
            catch (FormatException)
            {
                // It says nothing of the client.
            }
        }

        var second = await client.StreamAsync(Request).CollectAsync();
        second.OfType<ClientChanged>().Single().Should().BeEquivalentTo(new { WasPreviousSkipped = false, Kind = FailureKind.Transient, Reason = "the connection broke" });
        var third = await client.StreamAsync(Request).CollectAsync();

        third.OfType<ClientChanged>().Single().Should().BeEquivalentTo(new { WasPreviousSkipped = true, Kind = FailureKind.Transient, Reason = "it is skipped for a while, because it has failed before" }, "one of two has failed");
        primary.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task EndWithoutContent_ShowsWhatCame()
    {
        var events = await Build(new FakeStreamClient(Ends(Started("x"), new UsageUpdated { Usage = new() })), _ => { }, Backup()).StreamAsync(Request).CollectAsync();

        events.Select(streamEvent => streamEvent.GetType()).Should().Equal(typeof(ResponseStarted), typeof(UsageUpdated));
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task EndWithoutAnEvent_OfEveryClient_SaysSo()
    {
        var (_, exception) = await Build(new FakeStreamClient(Ends()), _ => { }, new FailoverClient("backup", new FakeStreamClient(Ends()))).StreamAsync(Request).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.Message.Should().StartWith("The stream of the client ended without an event");
    }

    [Theory]
    [InlineData("one", "own", "asked", "own", "own")]
    [InlineData("two", "own", "asked", "own", "own")]
    [InlineData("one", null, "asked", "asked", "asked")]
    [InlineData("two", null, "asked", null, "default")]
    [InlineData("one", null, null, null, "default")]
    public async Task Model_OfTheNextClient_IsItsOwn_OrThatOfTheRequestWhereItMeansSomething(string provider, string? own, string? asked, string? expected, string? announced)
    {
        var backup = new FakeStreamClient(Ends(Started(), Words("b"), Completed())) { Metadata = new() { Provider = provider, DefaultModel = "default" } };
        var primary = new FakeStreamClient(Fails(Interrupted())) { Metadata = new() { Provider = "one", DefaultModel = "first" } };
        var request = asked is null ? Request : Request with { Options = new ChatOptions { ModelId = asked, Temperature = 0.5f } };

        var events = await Build(primary, _ => { }, new FailoverClient("backup", backup) { Model = own }).StreamAsync(request).CollectAsync();

        events.OfType<ClientChanged>().Single().Should().BeEquivalentTo(new { Client = "backup", Previous = "primary", Provider = provider, Model = announced });
        backup.Requests.Single().Options?.ModelId.Should().Be(expected);
        request.Options?.ModelId.Should().Be(asked);
        (asked is null || backup.Requests.Single().Options!.Temperature == 0.5f).Should().BeTrue();
    }

    [Fact]
    public async Task MaxClients_One_AsksNobodyElse()
    {
        var backup = FakeStreamClient.Of(Words("never"), Completed());
        var (_, exception) = await Build(new FakeStreamClient(Fails(Interrupted())), options => options.MaxClients = 1, new FailoverClient("backup", backup)).StreamAsync(Request).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
        backup.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task RequestThatIsTooLong_GoesOnlyToModelsThatTakeMoreThanAllThatWereAsked()
    {
        FailoverClient Refusing(string name, long? most) => new(name, new FakeStreamClient(Fails(TooLong))) { MaxInputTokens = most };
        var same = Refusing("same", 100);
        var unknown = Refusing("unknown", null);
        var (large, medium) = (Refusing("large", 1000), Refusing("medium", 500));
        var largest = new FailoverClient("largest", FakeStreamClient.Of(Started(), Words("ok"), Completed())) { MaxInputTokens = 2000 };

        var events = await Build(new FakeStreamClient(Fails(TooLong)), options => options.PrimaryMaxInputTokens = 100, same, unknown, large, medium, largest).StreamAsync(Request).CollectAsync();

        events.OfType<ClientChanged>().Select(changed => (changed.Client, changed.Kind)).Should().Equal(("large", FailureKind.ContextLength), ("largest", FailureKind.ContextLength));
    }

    [Fact]
    public async Task ClientThatCannotBeAsked_IsPassedOver_WithTheReason()
    {
        var unable = new FakeStreamClient(Fails(new ArgumentException("no images")));
        var events = await Build(new FakeStreamClient(Fails(Interrupted())), _ => { }, new FailoverClient("unable", unable), Backup()).StreamAsync(Request).CollectAsync();

        events.OfType<ClientChanged>().Select(changed => (changed.Client, changed.Previous, changed.Reason)).Should().Equal(
            ("unable", "primary", "the connection broke"), ("backup", "unable", "its protocol cannot carry the request"));
    }

    [Fact]
    public async Task Cancellation_OfWhomever_AsksNobodyElse_WhateverTheApplicationSays()
    {
        var backup = FakeStreamClient.Of(Words("never"), Completed());
        var cancelled = new OperationCanceledException("its own");
        var (_, exception) = await Build(new FakeStreamClient(Fails(cancelled)), options => options.Classify = _ => FailureKind.Transient, new FailoverClient("backup", backup)).StreamAsync(Request).CatchAsync();
        exception.Should().BeSameAs(cancelled);

        using var cancellation = new CancellationTokenSource();
        var primary = new FakeStreamClient((_, _) =>
        {
            cancellation.Cancel();
            return FakeStreamClient.StreamThenThrow(Interrupted());
        });
        await Build(primary, options => options.Classify = _ => FailureKind.Transient, new FailoverClient("backup", backup)).StreamAsync(Request, cancellation.Token).CatchAsync();
        backup.Requests.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task MidStream_ClientThatCanContinue_IsPreferredToOneThatWouldRestart()
    {
        var third = new FakeStreamClient(Ends(Started(), Words("c"), Completed()));
        var client = Build(
            new FakeStreamClient(Fails(Interrupted(), Started(), Words("first "))),
            options =>
            {
                (options.MidStream, options.Continue.Otherwise) = (MidStreamPolicy.Continue, MidStreamPolicy.Restart);
                options.Continue.AcceptsPrefill = request => request.Options?.ModelId == "takes prefills";
            },
            new FailoverClient("second", new FakeStreamClient(Fails(Interrupted(), Started(), Words("second ")))),
            new FailoverClient("third", third) { Model = "takes prefills" });

        var events = await client.StreamAsync(Request).CollectAsync();

        third.Requests[0].Messages[^1].Text.Should().StartWith("first");
        TextOf(events).Should().Be("first c");
        events.OfType<ClientChanged>().Select(changed => changed.Client).Should().Equal("third");
    }

    [Theory]
    [InlineData(401, true, FailureKind.Down)]
    [InlineData(402, true, FailureKind.Down)]
    [InlineData(403, true, FailureKind.Down)]
    [InlineData(404, false, FailureKind.Request)]
    [InlineData(404, true, FailureKind.Transient)]
    [InlineData(408, false, FailureKind.Transient)]
    [InlineData(409, true, FailureKind.Transient)]
    [InlineData(413, true, FailureKind.ContextLength)]
    [InlineData(425, false, FailureKind.Transient)]
    [InlineData(429, true, FailureKind.Transient)]
    [InlineData(429, false, FailureKind.Down)]
    [InlineData(499, false, FailureKind.Request)]
    [InlineData(500, false, FailureKind.Transient)]
    public void KindOf_Status_IsItsKind(int status, bool isRetryable, FailureKind expected) =>
        FailoverOptions.KindOf(new ProviderException("test", (HttpStatusCode)status, "code", "words") { IsRetryable = isRetryable }).Should().Be(expected);

    [Theory]
    [InlineData("context_length_exceeded")]
    [InlineData("the Context Length is 10")]
    [InlineData("exceeds the context window")]
    [InlineData("exceed_context_size_error")]
    [InlineData("prompt is too long: 11 tokens")]
    [InlineData("Input is too long for requested model")]
    [InlineData("more than the maximum number of tokens")]
    public void KindOf_WordsOfARequestThatIsTooLong_AreOfTheCodeOrTheMessage(string words)
    {
        FailoverOptions.KindOf(new ProviderException("test", HttpStatusCode.BadRequest, words, null)).Should().Be(FailureKind.ContextLength);
        FailoverOptions.KindOf(new ProviderException("test", HttpStatusCode.BadRequest, null, words)).Should().Be(FailureKind.ContextLength);
        FailoverOptions.KindOf(new ProviderException("test", HttpStatusCode.InternalServerError, null, words)).Should().Be(FailureKind.Transient, "a server that is broken says many things");
        FailoverOptions.KindOf(new ProviderException("test", (HttpStatusCode)499, null, words)).Should().Be(FailureKind.ContextLength);
    }

    private static FailoverClient Backup() => new("backup", FakeStreamClient.Of(Started(), Words("b"), Completed()));

    private IStreamClient Build(IStreamClient primary, Action<FailoverOptions> configure, params FailoverClient[] clients) =>
        new StreamClientBuilder(primary).UseTimeProvider(_time).UseFailover(options =>
        {
            options.NextRandom = () => 0.5;
            foreach (var client in clients)
            {
                options.Clients.Add(client);
            }

            configure(options);
        }).Build();
}
