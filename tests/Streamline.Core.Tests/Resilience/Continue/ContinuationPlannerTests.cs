using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>The request that asks for the rest, and why there is none.</summary>
[Trait("Law", "6")]
public sealed class ContinuationPlannerTests
{
    private const string Shown = "The river runs through the old town and meets the sea bel";

    private readonly PrefillRefusals _refusals = new();

    [Fact]
    public void Plan_Prefill_AddsAMessageOfTheAssistant()
    {
        var plan = Plan(Known(), Request, Shown)!;

        plan.Strategy.Should().Be(ResumeStrategy.Prefill);
        plan.Request.ContinuesLastMessage.Should().BeTrue();
        Messages(plan).Should().Equal((ChatRole.User, "hello"), (ChatRole.Assistant, Shown));
    }

    [Fact]
    public void Plan_TextEndsWithWhiteSpace_IsSentWithoutItWhereTheProviderWantsThat()
    {
        Messages(Plan(Known(), Request, "One \n")!)[1].Text.Should().Be("One \n");
        Messages(Plan(Known(new(true, TrimsWhiteSpace: true, false, false)), Request, "One \n")!)[1].Text.Should().Be("One");
        Messages(Plan(Asked(), Request, "One \n", stitch: true)!)[1].Text.Should().Be("One \n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_TextEndsWithHalfAPair_IsSentWithoutIt(bool stitch) =>
        Messages(Plan(stitch ? Asked() : Known(), Request, "One \ud83d", stitch)!)[1].Text.Should().Be("One ");

    [Fact]
    public async Task Plan_HalfAPairThatWasShown_IsNotShownTwice()
    {
        var client = Known();
        client.Attempt = Ends(Started(), Words("😀!"), Completed());

        var events = await Plan(client, Request, "One \ud83d")!.StreamAsync(client, 2, "", CancellationToken.None).CollectAsync();

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("\ude00!");
    }

    [Fact]
    public void Plan_RequestThatContinuesAMessageItself_KeepsItsBeginning()
    {
        var request = Ending("Dear Sir, ") with { ContinuesLastMessage = true };

        Messages(Plan(Known(), request, Shown)!).Should().Equal((ChatRole.User, "hello"), (ChatRole.Assistant, "Dear Sir, " + Shown));
        Messages(Plan(Known(), Ending("Dear Sir, "), Shown)!)[1].Text.Should().Be("Dear Sir," + Shown, "the provider trims what it does not continue");
        request.Messages[1].Text.Should().Be("Dear Sir, ", "the request is not changed");
    }

    [Fact]
    public void Plan_ServerThatMayRepeatTheBeginning_IsAskedWithItOnce()
    {
        const string Before = "Dear Sir or Madam, ";
        var request = Ending(Before) with { ContinuesLastMessage = true };
        var client = Known(new(true, false, MayRepeat: true, false));

        Text(Before + "I write").Should().Be(Before + "I write", "it was repeated");
        Text("I write").Should().Be(Before + "I write");
        Plan(client, request, "Dear Sir", out var obstacle).Should().BeNull();
        obstacle.Should().Be("nothing is certain to be new of it yet");
        Plan(client, request, Before, out obstacle).Should().BeNull();
        Messages(Plan(Known(), request, "Dear Sir")!)[1].Text.Should().Be(Before + "Dear Sir", "that server repeats nothing");
        var brief = Ending("Dear Sir, ") with { ContinuesLastMessage = true };
        Messages(Plan(client, brief, "Dear Sir")!)[1].Text.Should().Be("Dear Sir, Dear Sir", "so short a text may begin the rest by chance");
        var exact = Ending("Dear Madam, ") with { ContinuesLastMessage = true };
        Plan(client, exact, "Dear M", out _).Should().BeNull("twelve characters are enough");

        string Text(string shown) => Messages(Plan(client, request, shown)!)[1].Text;
    }

    [Fact]
    public void Plan_RequestWithoutAMessageOfTheAssistant_BeginsOne()
    {
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "Dear Sir, ")], ContinuesLastMessage = true };

        Messages(Plan(Known(), request, Shown)!).Should().Equal((ChatRole.User, "Dear Sir, "), (ChatRole.Assistant, Shown));
        Messages(Plan(Known(), new StreamRequest { Messages = [] }, Shown)!).Should().Equal((ChatRole.Assistant, Shown));
        var picture = new StreamRequest { Messages = [new ChatMessage(ChatRole.Assistant, [new DataContent("data:image/png;base64,AAAA")])] };
        Messages(Plan(Known(), picture, Shown)!).Should().HaveCount(2);
    }

    [Fact]
    public void Plan_MessageOfTheAssistantWithOtherContents_KeepsThem()
    {
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.Assistant, [new DataContent("data:image/png;base64,AAAA"), new TextContent("a ")])] };

        Plan(Known(), request, "b")!.Request.Messages.Should().ContainSingle().Which.Contents.Should().SatisfyRespectively(
            data => data.Should().BeOfType<DataContent>(),
            text => text.Should().BeOfType<TextContent>().Which.Text.Should().Be("ab"));
    }

    [Fact]
    public void Plan_AskedInWords_HasThePromptWithTheLastWords()
    {
        var plan = Plan(Asked(), Request, Shown, stitch: true)!;

        plan.Strategy.Should().Be(ResumeStrategy.Stitch);
        plan.Request.ContinuesLastMessage.Should().BeFalse();
        Messages(plan).Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.User);
        Messages(plan)[1].Text.Should().Be(Shown);
        Plan(Asked(), Request with { ContinuesLastMessage = true }, Shown, stitch: true)!.Request.ContinuesLastMessage.Should().BeFalse();
    }

    [Theory]
    [InlineData("One two three", "One two three")]
    [InlineData("123456789 123456789 123456789 123456789 123456789 123456789 ", "123456789 123456789 123456789 123456789 123456789 123456789 ")] // 60: all of it
    [InlineData("x123456789 123456789 123456789 123456789 123456789 123456789 ", "123456789 123456789 123456789 123456789 123456789 ")] // from a word on
    [InlineData("One\nxxxxxxxxx\n123456789 123456789 123456789 123456789 123456789 ", "123456789 123456789 123456789 123456789 123456789 ")] // or a line
    [InlineData("x123456789x123456789x123456789x x123456789x123456789x12345678", "123456789x123456789x123456789x x123456789x123456789x12345678")] // the first space is too far on
    [InlineData("x xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")] // from the word after a space on
    [InlineData("😀x123456789x123456789x123456789x123456789x123456789x12345678", "x123456789x123456789x123456789x123456789x123456789x12345678")] // not from half a pair on
    public void Plan_LastWords_BeginWithAWord(string shown, string expected)
    {
        ContinuationContext? told = null;
        Plan(Asked(), Request, shown, stitch: true, context => told = context);

        told!.LastWords.Should().Be(expected);
        told.Text.Should().Be(shown);
        told.Request.Should().BeSameAs(Request);
    }

    [Fact]
    public void Plan_NoWayIsLeft_IsToldWhy()
    {
        Plan(Asked(), Request, Shown, out var obstacle).Should().BeNull();
        obstacle.Should().Be("the model takes no prefill");
        Plan(Asked(), Request, "", out obstacle).Should().BeNull();
        obstacle.Should().Be("there is no text yet");
        Plan(Known(), Request with { Options = new() { ConversationId = "c" } }, Shown, out obstacle).Should().BeNull();
        obstacle.Should().Be("the provider keeps the conversation");
        Plan(Known(), Request with { Options = new() { ConversationId = "c" } }, "", out obstacle).Should().BeNull();
        obstacle.Should().Be("there is no text yet", "what the answer is comes first");
        Plan(Known(), Request, Shown, out obstacle).Should().NotBeNull();
        obstacle.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true, false, false, true)]
    [InlineData(false, false, false, false)]
    [InlineData(true, false, true, false)]
    [InlineData(true, true, true, true)]
    public void Plan_WhatIsKnownOfTheModel_Decides(bool isKnown, bool allowsReasoning, bool reasons, bool expected)
    {
        var client = Known(new(isKnown, false, false, allowsReasoning));

        (Plan(client, reasons ? Request with { Options = new() { Reasoning = new() } } : Request, Shown) is not null).Should().Be(expected);
    }

    [Fact]
    public void Plan_ModelThatHasReasoned_TakesNoPrefillWhereTheProtocolForbidsIt()
    {
        var state = State(Reasoning("hm"), Words(Shown, 1));

        Planner().Plan(Known(), Request, state, null, out _).Should().BeNull();
        Planner().Plan(Known(new(true, false, false, AllowsReasoning: true)), Request, state, null, out _).Should().NotBeNull();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, true)]
    public void Plan_OptionThatSaysWhetherAModelTakesAPrefill_Decides(bool? accepts, bool expected) =>
        (Planner(options => options.AcceptsPrefill = _ => accepts).Plan(Known(), Request, State(Words(Shown)), null, out _) is not null).Should().Be(expected);

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, false, true)]
    [InlineData(HttpStatusCode.NotFound, false, true)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, false, true)]
    [InlineData(HttpStatusCode.UnprocessableEntity, false, true)]
    [InlineData(HttpStatusCode.BadRequest, true, false)]
    [InlineData(HttpStatusCode.Unauthorized, false, false)]
    public void Refuse_ErrorOfTheProvider_SaysWhetherAnotherWayIsTaken(HttpStatusCode status, bool isRetryable, bool expected)
    {
        var planner = Planner();
        var client = Known();
        var plan = planner.Plan(client, Request, State(Words(Shown)), null, out _)!;

        planner.Refuse(plan, client, new ProviderException("test", status, "x", "no prefill") { IsRetryable = isRetryable }).Should().Be(expected);

        (planner.Plan(client, Request, State(Words(Shown)), null, out _) is null).Should().Be(expected);
        planner.Plan(client, Request with { Options = new() { ModelId = "other" } }, State(Words(Shown)), null, out _).Should().NotBeNull();
        _refusals.Contains("known", "m").Should().Be(expected && status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public void Refuse_ContinuationInWords_IsNotAskedForAgain()
    {
        var planner = Planner(options => options.AllowStitching = true);
        var client = Asked();
        var plan = planner.Plan(client, Request, State(Words(Shown)), null, out _)!;

        planner.Refuse(plan, client, new UnsureSeamException()).Should().BeTrue();
        planner.Plan(client, Request, State(Words(Shown)), null, out var obstacle).Should().BeNull();
        obstacle.Should().Be("the model takes no prefill");
        planner.Refuse(plan, client, new ProviderException("test", HttpStatusCode.BadRequest, "x", "no prefill")).Should().BeTrue();
        _refusals.Contains("asked", null).Should().BeFalse("it was not asked for a prefill");
    }

    [Fact]
    public void Plan_BackgroundIsAllowed_IsNotForTheRest()
    {
        var request = Request with { Options = new() { AllowBackgroundResponses = true, ModelId = "m" } };

        Plan(Known(), request, Shown)!.Request.Options!.AllowBackgroundResponses.Should().BeNull();
        Plan(Known(), Request with { Options = new() { AllowBackgroundResponses = false } }, Shown)!.Request.Options!.AllowBackgroundResponses.Should().BeFalse();
        request.Options!.AllowBackgroundResponses.Should().BeTrue();
    }

    [Fact]
    public void PlanPaused_Turn_IsSentBackAsItIs()
    {
        var plan = ContinuationPlanner.PlanPaused(Request, State(Words("Let me look.")), null)!;

        plan.Strategy.Should().Be(ResumeStrategy.PausedTurn);
        Messages(plan).Should().Equal((ChatRole.User, "hello"), (ChatRole.Assistant, "Let me look."));
    }

    [Fact]
    public void PlanPaused_ApplicationHasToAct_IsNull()
    {
        Paused().Should().BeNull("there is nothing to send back");
        Paused(Words("a"), new ToolCallStarted { Index = 1, CallId = "c", Name = "t" }).Should().BeNull();
        Paused(Words("a"), new ContentStarted { Index = 1, Kind = ContentKind.Text, Choice = 1 }).Should().BeNull();
        Paused(Words("a"), new ToolCallStarted { Index = 1, CallId = "c", Name = "t", IsProviderExecuted = true }, new ToolCallCompleted
        {
            Index = 1,
            CallId = "c",
            Name = "t",
            IsProviderExecuted = true,
            ArgumentsText = "{}",
            Arguments = JsonElement.Parse("{}"),
        }).Should().NotBeNull();
        var exceeded = new StreamState(maxRetainedChars: 80);
        exceeded.Apply(Words(new string('a', 30)));
        ContinuationPlanner.PlanPaused(Request, exceeded, null).Should().BeNull();

        static Continuation? Paused(params StreamEvent[] shown) => ContinuationPlanner.PlanPaused(Request, State(shown), null);
    }

    private static StreamRequest Ending(string text) => new() { Messages = [new ChatMessage(ChatRole.User, "hello"), new ChatMessage(ChatRole.Assistant, text)] };

    private static List<(ChatRole Role, string Text)> Messages(Continuation plan) => [.. plan.Request.Messages.Select(message => (message.Role, message.Text))];

    private static StreamState State(params StreamEvent[] shown)
    {
        var state = new StreamState();
        Array.ForEach(shown, state.Apply);
        return state;
    }

    private static KnownClient Known(PrefillSupport? support = null) => new(support ?? new(IsKnown: true, TrimsWhiteSpace: false, MayRepeat: false, AllowsReasoning: false));

    private static FakeStreamClient Asked() => new() { Metadata = new() { Provider = "asked" } };

    private ContinuationPlanner Planner(Action<ContinueOptions>? configure = null)
    {
        var options = new ContinueOptions();
        configure?.Invoke(options);
        return new ContinuationPlanner(options, _refusals);
    }

    private Continuation? Plan(IStreamClient client, StreamRequest request, string shown, bool stitch = false, Action<ContinuationContext>? told = null)
    {
        var planner = Planner(options =>
        {
            options.AllowStitching = stitch;
            options.CreatePrompt = context =>
            {
                told?.Invoke(context);
                return new ChatMessage(ChatRole.User, "more");
            };
        });
        return planner.Plan(client, request, State(Words(shown)), null, out _);
    }

    private Continuation? Plan(IStreamClient client, StreamRequest request, string shown, out string obstacle) => Planner().Plan(client, request, State(Words(shown)), null, out obstacle);

    /// <summary>A client that says what it knows of its model.</summary>
    private sealed class KnownClient(PrefillSupport support) : IStreamClient, IPrefillSource
    {
        public Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>? Attempt { get; set; }

        public PrefillSupport FindPrefill(StreamRequest request) => support;

        public object? GetService(Type serviceType) => serviceType == typeof(StreamClientMetadata) ? new StreamClientMetadata { Provider = "known", DefaultModel = "m" } : serviceType.IsInstanceOfType(this) ? this : null;

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => Attempt!(request, cancellationToken);
    }
}
