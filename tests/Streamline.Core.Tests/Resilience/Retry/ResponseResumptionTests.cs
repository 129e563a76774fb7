using System.Net;
using Microsoft.Extensions.AI;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

public sealed class ResponseResumptionTests
{
    private readonly ResponseResumption _resumption = new();
    private readonly object _state = new();

    [Fact]
    public void Apply_NothingToResume_IsTheSameRequest()
    {
        _resumption.Apply(Request).Should().BeSameAs(Request);
        _resumption.IsPossible.Should().BeFalse();
        _resumption.Cause.Should().BeNull();
    }

    [Fact]
    public void Apply_Token_IsAddedToACopyOfTheOptions()
    {
        var request = Request with { Options = new ChatOptions { ModelId = "m" } };
        _resumption.Find(Broken(), latest: null);

        var resuming = _resumption.Apply(request);

        resuming.Options!.ModelId.Should().Be("m");
        resuming.Options.ContinuationToken.Should().BeOfType<ResumptionToken>().Which.State.Should().BeSameAs(_state);
        request.Options!.ContinuationToken.Should().BeNull();
        _resumption.Apply(Request).Options!.ContinuationToken.Should().NotBeNull();
    }

    [Fact]
    public void Find_TokenOnTheFailure_IsWhereTheResponseIsResumed()
    {
        var failure = Broken();

        _resumption.Find(failure, latest: null).Should().BeSameAs(failure);

        _resumption.IsPossible.Should().BeTrue();
        _resumption.Cause.Should().BeSameAs(failure);
        _resumption.Begin();
        _resumption.IsPossible.Should().BeTrue("it may break again");
        _resumption.Cause.Should().BeNull();
        _resumption.Forget();
        _resumption.IsPossible.Should().BeFalse();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Find_TimeoutWhileAnEventWasUnderWay_CannotResume(bool wasSeen, bool expected)
    {
        var last = Words("a");
        var timeout = With(new StreamTimeoutException(StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(1)), last);

        _resumption.Find(timeout, wasSeen ? last : Words("b")).Should().BeSameAs(timeout);

        _resumption.IsPossible.Should().Be(expected);
    }

    [Fact]
    public void Find_InterruptionAfterAnEventThatIsHeldBack_CanResume()
    {
        _resumption.Find(With(Interrupted(), Words("a")), latest: null);

        _resumption.IsPossible.Should().BeTrue("nothing of it is under way");
    }

    [Fact]
    public void Find_ProviderRefusesTheRest_TellsWhatBrokeTheResponse()
    {
        var failure = Broken();
        _resumption.Find(failure, latest: null);

        var refusal = new ProviderException("test", HttpStatusCode.NotFound, "not_found", "expired");
        _resumption.Find(refusal, latest: null).Should().BeSameAs(failure);

        _resumption.IsPossible.Should().BeFalse();
        _resumption.Cause.Should().BeNull();
        _resumption.Find(refusal, latest: null).Should().BeSameAs(refusal);
    }

    [Fact]
    public void Find_AnotherFailureBeforeTheRestHasBegun_IsTriedAgain()
    {
        var failure = Broken();
        _resumption.Find(failure, latest: null);
        var later = Overloaded();

        _resumption.Find(later, latest: null).Should().BeSameAs(later);

        _resumption.IsPossible.Should().BeTrue();
        _resumption.Cause.Should().BeSameAs(failure);
    }

    [Fact]
    public void Find_FailureWithoutATokenAfterTheRestHasBegun_CannotResume()
    {
        _resumption.Find(Broken(), latest: null);
        _resumption.Begin();

        _resumption.Find(Interrupted(), latest: null);

        _resumption.IsPossible.Should().BeFalse();
        _resumption.Cause.Should().BeNull();
    }

    private Exception Broken() => With(Interrupted(), lastEvent: null);

    private Exception With(Exception exception, StreamEvent? lastEvent)
    {
        PartialResponse.Set(exception, new ChatResponse { ContinuationToken = new ResumptionToken(new byte[] { 1 }, _state, lastEvent) });
        return exception;
    }
}
