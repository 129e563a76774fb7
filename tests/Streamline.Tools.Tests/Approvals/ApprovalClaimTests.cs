using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>The first answer to a request for approval counts, whatever happens to the request that brings it, and what the model is told of it is true.</summary>
[Trait("Law", "7")]
public sealed class ApprovalClaimTests
{
    private readonly byte[] _key = new byte[ToolApprovalOptions.MinKeyBytes];
    private readonly TestTool _write = new("write", "written");

    [Fact]
    public async Task Approved_SentAgain_SaysThatAnEarlierRequestDecided()
    {
        var history = await AskAsync("1");
        var client = Client();
        await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync();

        var again = await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync();
        var denied = await client.StreamAsync([.. history, Answer(history, approved: false)]).CollectAsync();
        var unanswered = await client.StreamAsync([.. history, new ChatMessage(ChatRole.User, "never mind")]).CollectAsync();

        string[] texts = [again.ErrorOf("1"), denied.ErrorOf("1"), unanswered.ErrorOf("1")];
        texts.Should().AllBe("The tool was not run again: an earlier request answered this approval already, and ran or refused the tool. What came of it is not known here.");
        _write.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Denied_ThenApproved_StaysDenied()
    {
        var history = await AskAsync("1");
        var client = Client();
        await client.StreamAsync([.. history, Answer(history, approved: false)]).CollectAsync();

        (await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync()).ErrorOf("1").Should().Be("The tool was not run: approval was denied.");
        (await client.StreamAsync([.. history, Answer(history, approved: false)]).CollectAsync()).ErrorOf("1").Should().Be("The tool was not run: approval was denied. No.");
        _write.Calls.Should().Be(0);
    }

    [Fact]
    public async Task Denied_IsClaimedInTheSharedStoreToo()
    {
        var history = await AskAsync("1");
        var claimed = new HashSet<string>();
        void Share(ToolLoopOptions options) => options.Approvals.TryClaim = (id, _) => ValueTask.FromResult(claimed.Add(id));
        await Client(Share).StreamAsync([.. history, Answer(history, approved: false)]).CollectAsync();

        (await Client(Share).StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync()).ErrorOf("1").Should().StartWith("The tool was not run again");
        _write.Calls.Should().Be(0);
    }

    [Fact]
    public async Task DeniedWithAnInvalidToken_ClaimsNothing()
    {
        var history = await AskAsync("1");
        var client = Client();
        var forged = new ToolApprovalRequestContent(Requests(history).Single().RequestId, new FunctionCallContent("9", "write"));
        await client.StreamAsync([new ChatMessage(ChatRole.Assistant, [forged]), new ChatMessage(ChatRole.User, [forged.CreateResponse(approved: false)])]).CollectAsync();

        (await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync()).ResultOf("1").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task StoreThatFailsOnce_DoesNotUseTheApprovalUp()
    {
        var history = await AskAsync("1");
        var attempts = 0;
        var client = Client(options => options.Approvals.TryClaim = (_, _) => attempts++ == 0 ? throw new TimeoutException("store") : ValueTask.FromResult(true));

        var (_, exception) = await client.StreamAsync([.. history, Answer(history, approved: true)]).CatchAsync();
        var events = await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync();

        exception.Should().BeOfType<TimeoutException>();
        events.ResultOf("1").IsError.Should().BeFalse();
        (_write.Calls, attempts).Should().Be((1, 2));
    }

    [Fact]
    public async Task StoreThatFailsForTheSecondCall_StartsNone_AndBothRunOnceAfterwards()
    {
        var history = await AskAsync("1", "2");
        var claimed = new HashSet<string>();
        var attempts = 0;
        var client = Client(options => options.Approvals.TryClaim = (id, _) => ++attempts == 2 ? throw new TimeoutException("store") : ValueTask.FromResult(claimed.Add(id)));

        var (seen, exception) = await client.StreamAsync([.. history, Answer(history, approved: true)]).CatchAsync();
        exception.Should().BeOfType<TimeoutException>();
        (seen.Count, _write.Calls).Should().Be((0, 0), "nothing starts before everything is decided");

        var events = await client.StreamAsync([.. history, Answer(history, approved: true)]).CollectAsync();
        events.OfType<ToolResult>().Select(result => (result.CallId, result.IsError)).Should().BeEquivalentTo([("1", false), ("2", false)]);
        _write.Calls.Should().Be(2);
    }

    [Fact]
    public async Task AnsweredWhileTheStreamRuns_IsClaimedInTheSharedStoreToo()
    {
        var claimed = new HashSet<string>();
        var client = Client(options => options.Approvals.TryClaim = (id, _) => ValueTask.FromResult(claimed.Add(id)), Asking("1", "2"));

        var events = await AnswerLiveAsync(client);

        events.OfType<ToolResult>().Select(result => (result.CallId, result.IsError)).Should().BeEquivalentTo([("1", false), ("2", true)]);
        (_write.Calls, claimed.Count).Should().Be((1, 2), "the denial is claimed as well");
    }

    [Fact]
    public async Task AnsweredWhileTheStreamRuns_AnotherProcessWasFirst_DoesNotRun()
    {
        var client = Client(options => options.Approvals.TryClaim = (_, _) => ValueTask.FromResult(false), Asking("1"));

        (await AnswerLiveAsync(client)).ErrorOf("1").Should().StartWith("The tool was not run again");
        _write.Calls.Should().Be(0);
    }

    [Fact]
    public async Task AnsweredWhileTheStreamRuns_StoreFails_DoesNotRun()
    {
        var client = Client(options => options.Approvals.TryClaim = (_, _) => throw new TimeoutException("store"), Asking("1"));

        (await AnswerLiveAsync(client)).ErrorOf("1").Should().StartWith("The tool was not run: whether its approval was answered elsewhere could not be determined");
        _write.Calls.Should().Be(0);
    }

    [Fact]
    public async Task AnsweredWhileTheStreamRuns_StoreTakesItsTime_TheStreamWaits()
    {
        var claim = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = Client(
            options => options.Approvals.TryClaim = (_, _) =>
            {
                asked.TrySetResult();
                return new ValueTask<bool>(claim.Task);
            },
            Asking("1"));

        var reading = AnswerLiveAsync(client);
        await asked.Task.OrFail();
        reading.IsCompleted.Should().BeFalse();
        _write.Calls.Should().Be(0);
        claim.SetResult(true);

        (await reading.OrFail()).ResultOf("1").IsError.Should().BeFalse();
        _write.Calls.Should().Be(1);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task AnsweredWhileTheStreamRuns_LeftBeforeTheStoreAnswers_DoesNotRun()
    {
        var claim = new TaskCompletionSource<bool>();
        var client = Client(options => options.Approvals.TryClaim = (_, _) => new ValueTask<bool>(claim.Task), Asking("1"));

        await foreach (var streamEvent in client.StreamAsync("hi"))
        {
            if (streamEvent is ApprovalRequested request)
            {
                request.Approve().Should().BeTrue();
                break;
            }
        }

        claim.SetResult(true); // runs what waits for it, here
        _write.Calls.Should().Be(0);
    }

    // Approves the first call, and denies all others.
    private static async Task<List<StreamEvent>> AnswerLiveAsync(IStreamClient client)
    {
        List<StreamEvent> events = [];
        await foreach (var streamEvent in client.StreamAsync("hi"))
        {
            events.Add(streamEvent);
            if (streamEvent is ApprovalRequested request)
            {
                (request.CallId == "1" ? request.Approve() : request.Deny()).Should().BeTrue();
            }
        }

        return events;
    }

    private static FakeStreamClient Asking(params string[] callIds) => new(
        (_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, [.. callIds.SelectMany((id, index) => Wire.Call(index, id, "write", $$"""{"path":"{{id}}"}"""))])),
        (_, _) => FakeStreamClient.Stream(Wire.Answer()));

    private static IEnumerable<ToolApprovalRequestContent> Requests(IEnumerable<ChatMessage> history) => history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>();

    private static ChatMessage Answer(IEnumerable<ChatMessage> history, bool approved) =>
        new(ChatRole.User, [.. Requests(history).Select(request => request.CreateResponse(approved, approved ? null : "No."))]);

    private async Task<List<ChatMessage>> AskAsync(params string[] callIds)
    {
        var client = Client(source: FakeStreamClient.Of(Wire.Response(FinishReason.ToolCalls, [.. callIds.SelectMany((id, index) => Wire.Call(index, id, "write", $$"""{"path":"{{id}}"}"""))])));
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "hi")]);
        return [new ChatMessage(ChatRole.User, "hi"), .. response.Messages];
    }

    private IStreamClient Client(Action<ToolLoopOptions>? configure = null, FakeStreamClient? source = null) =>
        new StreamClientBuilder(source ?? new FakeStreamClient((_, _) => FakeStreamClient.Stream(Wire.Answer())))
            .UseTools(new ToolSet().Add(_write, tool => tool.Approval = ToolApproval.Always), options =>
            {
                options.Approvals.Key = _key;
                configure?.Invoke(options);
            })
            .Build();
}
