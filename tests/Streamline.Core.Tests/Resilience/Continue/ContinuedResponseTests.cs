using System.Text.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>What becomes of the events of a continuation before and after its seam.</summary>
[Trait("Law", "6")]
public sealed class ContinuedResponseTests
{
    private const string Shown = "The river meets the sea bel";

    private static readonly TokenUsage Prior = new() { InputTokens = 10 };

    private readonly List<ContinuedResponse.Seam> _seams = [];

    [Fact]
    public void Add_BeforeTheSeam_HoldsAllButNotices()
    {
        var response = Stitch();
        var notice = new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" };

        Add(response, Started(), notice, new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("meets the ")).Should().Equal(notice);
        response.IsJoined.Should().BeFalse();
        var events = Add(response, Words("sea below"));

        response.IsJoined.Should().BeTrue();
        Types(events).Should().Equal("StreamResumed", "TextDelta");
        events[1].Should().BeEquivalentTo(Words("ow"));
        _seams.Single().Joint.Should().Be(new Joint("ow", SeamConfidence.High, Overlap: 17));
        _seams.Single().Response!.ResponseId.Should().Be("r");
    }

    [Fact]
    public void Add_HeldEvents_FollowTheSeamInTheirOrder()
    {
        var events = Add(
            Stitch(),
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning }, Reasoning("hm"), new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning },
            Usage(5), new ProviderMetadata { Name = "n", Value = JsonElement.Parse("1") }, new ProviderMetadata { Name = "m", Value = JsonElement.Parse("1"), Index = 0 }, new ProviderEvent { Name = "x", Data = "" },
            Words("meets the sea below", 1));

        Types(events).Should().Equal("StreamResumed", "ContentStarted", "ReasoningDelta", "ContentCompleted", "UsageUpdated", "ProviderMetadata", "ProviderMetadata", "ProviderEvent", "TextDelta");
        events.OfType<UsageUpdated>().Single().Usage.InputTokens.Should().Be(15);
        events.OfType<ProviderMetadata>().Select(metadata => metadata.Index).Should().Equal(null, 1);
    }

    [Fact]
    public void Add_WithoutASearch_JoinsAtTheFirstContent()
    {
        var response = Turn(Words(Shown), new ContentCompleted { Index = 0, Kind = ContentKind.Text });

        Add(response, Started(), Usage(1), new ProviderMetadata { Name = "n", Value = JsonElement.Parse("1") }, new ProviderEvent { Name = "x", Data = "" }).Should().BeEmpty();
        Types(Add(response, new ContentStarted { Index = 0, Kind = ContentKind.Reasoning })).Should().Equal("StreamResumed", "UsageUpdated", "ProviderMetadata", "ProviderEvent", "ContentStarted");
        _seams.Single().Joint.Should().Be(new Joint("", SeamConfidence.Exact));
    }

    [Fact]
    public void Add_MetadataOfABlockWithoutASearch_JoinsToo() =>
        Types(Add(Turn(Words(Shown)), new ProviderMetadata { Name = "n", Value = JsonElement.Parse("1"), Index = 0 })).Should().Equal("StreamResumed", "ContentCompleted", "ProviderMetadata");

    [Fact]
    public void Add_SignatureOfReasoningWithoutASearch_IsKept()
    {
        var events = Add(Turn(Words(Shown)), new ContentStarted { Index = 0, Kind = ContentKind.Reasoning }, new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "s" });

        events.OfType<ContentCompleted>().Last().Signature.Should().Be("s");
    }

    [Fact]
    public void Add_TextBlockThatWasOpen_IsWrittenOnAndNotBegunAgain()
    {
        var events = Add(
            Stitch(), new ContentStarted { Index = 4, Kind = ContentKind.Text }, Words("meets the sea below", 4), new ContentStarted { Index = 4, Kind = ContentKind.Text }, Words(".", 4), new ContentCompleted { Index = 4, Kind = ContentKind.Text, Signature = "s" });

        Types(events).Should().Equal("StreamResumed", "TextDelta", "TextDelta", "ContentCompleted");
        events.Skip(1).Select(IndexOf).Should().Equal(0, 0, 0);
        events.OfType<ContentCompleted>().Single().Signature.Should().BeNull();
    }

    [Fact]
    public void Add_CutBetweenTwoBlocks_BeginsABlockOfItsOwn()
    {
        var response = Stitch(Words(Shown), new ContentCompleted { Index = 0, Kind = ContentKind.Text });
        var events = Add(response, new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("meets the sea below"), new ContentCompleted { Index = 0, Kind = ContentKind.Text, Signature = "s" });

        Types(events).Should().Equal("StreamResumed", "ContentStarted", "TextDelta", "ContentCompleted");
        events.Skip(1).Select(IndexOf).Should().Equal(1, 1, 1);
        events.OfType<ContentCompleted>().Single().Signature.Should().BeNull("a part of it is removed");
    }

    [Theory]
    [InlineData("meets the sea bel", 0, true)] // a repetition
    [InlineData("Sorry: ow", 7, false)] // a separator
    [InlineData("", 0, false)] // nothing
    public void Add_TextThatIsNotWhatTheProviderSent_LosesItsOwnForm(string text, int separator, bool overlaps)
    {
        var joint = new FixedJoint(new Joint(text, SeamConfidence.High, overlaps ? 3 : 0, 0, new string(' ', separator)));
        var response = Response(joint, allowsUnsure: false, Words(Shown), new ContentCompleted { Index = 0, Kind = ContentKind.Text });
        var events = Add(response, Words("x"), new ContentCompleted { Index = 0, Kind = ContentKind.Text, Signature = "s" });

        events.OfType<ContentCompleted>().Single().Signature.Should().Be(overlaps || separator > 0 ? null : "s");
        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal(text.Length + separator == 0 ? [] : [new string(' ', separator) + text]);
    }

    [Fact]
    public void Add_PrefaceIsRemoved_LosesItsOwnFormToo()
    {
        var response = Response(new FixedJoint(new Joint("x", SeamConfidence.High, 0, Preface: 1)), allowsUnsure: false, Words(Shown), new ContentCompleted { Index = 0, Kind = ContentKind.Text });

        Add(response, Words("x"), new ContentCompleted { Index = 0, Kind = ContentKind.Text, Signature = "s" }).OfType<ContentCompleted>().Single().Signature.Should().BeNull();
    }

    [Fact]
    public void Add_BlocksThatTheCutLeftOpen_AreClosedAfterTheSeam()
    {
        var events = Add(Stitch(Reasoning("hm"), Words(Shown, 1)), Words("meets the sea below"));

        Types(events).Should().Equal("StreamResumed", "ContentCompleted", "TextDelta");
        events[1].Should().BeEquivalentTo(new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning });
        events[2].Should().BeEquivalentTo(Words("ow", 1));
    }

    [Fact]
    public void Add_ContentThatIsNoText_ClosesTheText()
    {
        var events = Add(Response(new PrefillJoint(Shown, "", mayRepeat: false), allowsUnsure: false, Words(Shown)), new ToolCallStarted { Index = 0, CallId = "c", Name = "t" });

        Types(events).Should().Equal("StreamResumed", "ContentCompleted", "ToolCallStarted");
        events[1].Should().BeEquivalentTo(new ContentCompleted { Index = 0, Kind = ContentKind.Text });
        IndexOf(events[2]).Should().Be(1);
    }

    [Fact]
    public void Add_SecondBlockOfText_EndsTheSearch()
    {
        var response = Response(new StitchJoint(Shown, 12, 256), allowsUnsure: true, Words(Shown));

        Add(response, Words("Some", 0)).Should().BeEmpty();
        var events = Add(response, new ContentStarted { Index = 1, Kind = ContentKind.Text }, Words("more", 1));
        Types(events).Should().Equal("StreamResumed", "TextDelta", "ContentStarted", "TextDelta");
        events.Skip(1).Select(IndexOf).Should().Equal(0, 1, 1);
    }

    [Fact]
    public void Add_TextOfAnotherBlock_EndsTheSearch()
    {
        var response = Response(new StitchJoint(Shown, 12, 256), allowsUnsure: true, Words(Shown));

        Types(Add(response, Words("Some", 0), Words("more", 1))).Should().Equal("StreamResumed", "TextDelta", "TextDelta");
    }

    [Fact]
    public void Add_TextEnds_EndsTheSearch()
    {
        var response = Response(new StitchJoint(Shown, 12, 256), allowsUnsure: true, Words(Shown));

        Types(Add(response, Words("Some"), new ContentCompleted { Index = 0, Kind = ContentKind.Text })).Should().Equal("StreamResumed", "TextDelta", "ContentCompleted");
    }

    [Fact]
    public void End_NothingFollows_EndsTheSearch()
    {
        var response = Response(new StitchJoint(Shown, 12, 256), allowsUnsure: true, Words(Shown));
        Add(response, Words("Some")).Should().BeEmpty();
        response.End();

        var events = Take(response);
        Types(events).Should().Equal("StreamResumed", "TextDelta");
        events[1].Should().BeEquivalentTo(Words("Some"));
        response.End();
        Take(response).Should().BeEmpty("it has been found");
    }

    [Fact]
    public void Add_UnsureSeam_IsRefusedWhereItIsNotAllowed()
    {
        var response = Stitch();

        FluentActions.Invoking(() => Add(response, Words("Some"), Completed())).Should().Throw<UnsureSeamException>();
        response.IsJoined.Should().BeFalse();
        Take(response).Should().BeEmpty();
    }

    [Fact]
    public void Add_RestartBeforeTheSeam_BeginsAnew()
    {
        var response = Stitch();
        Add(response, Started("a"), Reasoning("hm"), new ContentStarted { Index = 3, Kind = ContentKind.Text }, Words("meets ", 3), new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [] }).Should().BeEmpty();
        var events = Add(response, Started("b"), new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("meets the sea below"));

        Types(events).Should().Equal("StreamResumed", "TextDelta");
        _seams.Single().Response!.ResponseId.Should().Be("b");
    }

    [Fact]
    public void Add_RestartAfterTheSeam_Fails() =>
        FluentActions.Invoking(() => Add(Stitch(), Words("meets the sea below"), new StreamRestarted { Attempt = 2, Reason = "it broke", Discarded = [] }))
            .Should().Throw<StreamInterruptedException>().WithMessage("*The continuation of the response was restarted (it broke), though a part of it had been shown*");

    [Fact]
    public void Add_ResumptionWithin_IsPassedOnOnlyAfterTheSeam()
    {
        var resumed = new StreamResumed { Attempt = 2, Reason = "r" };
        var response = Stitch();

        Add(response, resumed).Should().BeEmpty();
        Add(response, Words("meets the sea below"), resumed).Should().HaveCount(3).And.EndWith(resumed);
    }

    [Fact]
    public void Add_End_HasTheCountsOfAll()
    {
        var response = Stitch();
        var end = new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "raw", StopSequence = "\n", Usage = new TokenUsage { InputTokens = 5 } };
        var events = Add(response, Words("meets the sea below"), Usage(1), end);

        events.OfType<UsageUpdated>().Single().Usage.InputTokens.Should().Be(11);
        events[^1].Should().BeEquivalentTo(new { FinishReason = FinishReason.Stop, RawFinishReason = "raw", StopSequence = "\n", Usage = new { InputTokens = 15 } });
        Add(Stitch(), Words("meets the sea below"), Completed()).OfType<ResponseCompleted>().Single().Usage.Should().BeNull("the end says nothing of it");
    }

    [Fact]
    public void Add_AnotherResponseFollows_IsPassedOnAsItIs()
    {
        var response = Stitch();
        Add(response, Started("a"), Words("meets the sea below"), Completed());
        StreamEvent[] other = [Started("b"), new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("anew"), new ContentCompleted { Index = 0, Kind = ContentKind.Text, Signature = "s" }, Usage(3), Completed()];

        Add(response, other).Should().Equal(other);
        response.End();
        Take(response).Should().BeEmpty();
    }

    [Fact]
    public void Add_SecondBeginningBeforeTheSeam_IsAnotherResponse()
    {
        var response = Response(new StitchJoint(Shown, 12, 256), allowsUnsure: true, Words(Shown));

        Types(Add(response, Started("a"), Started("b"))).Should().Equal("StreamResumed", "ContentCompleted", "ResponseStarted");
        _seams.Single().Response!.ResponseId.Should().Be("a");
    }

    private static UsageUpdated Usage(long input) => new() { Usage = new TokenUsage { InputTokens = input } };

    private static IEnumerable<string> Types(IEnumerable<StreamEvent> events) => events.Select(streamEvent => streamEvent.GetType().Name);

    private static int IndexOf(StreamEvent streamEvent) => JsonElement.Parse(new[] { streamEvent }.ToLines()).GetProperty("index").GetInt32();

    private static List<StreamEvent> Add(ContinuedResponse response, params StreamEvent[] events)
    {
        Array.ForEach(events, response.Add);
        return Take(response);
    }

    private static List<StreamEvent> Take(ContinuedResponse response)
    {
        List<StreamEvent> taken = [];
        while (response.TryTake(out var streamEvent))
        {
            taken.Add(streamEvent);
        }

        return taken;
    }

    private ContinuedResponse Stitch(params StreamEvent[] shown) => Response(new StitchJoint(Shown, 12, 256), allowsUnsure: false, shown.Length == 0 ? [Words(Shown)] : shown);

    private ContinuedResponse Turn(params StreamEvent[] shown) => Response(joint: null, allowsUnsure: true, shown);

    private ContinuedResponse Response(IJointFinder? joint, bool allowsUnsure, params StreamEvent[] shown)
    {
        var state = new StreamState();
        Array.ForEach(shown, state.Apply);
        return new ContinuedResponse(CutAnswer.Read(state), Prior, joint, allowsUnsure, seam =>
        {
            _seams.Add(seam);
            return new StreamResumed { Attempt = 1, Reason = "" };
        });
    }

    private sealed class FixedJoint(Joint joint) : IJointFinder
    {
        public Joint? Add(string piece, bool isLast) => joint;

        public void Reset()
        {
        }
    }
}
