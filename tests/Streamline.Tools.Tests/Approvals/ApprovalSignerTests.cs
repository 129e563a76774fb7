using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Tokens hold for what they were made for, until they expire, and each request for approval is answered once.</summary>
public sealed class ApprovalSignerTests
{
    private static readonly JsonElement Arguments = Wire.Json("""{"path":"a"}""");

    private readonly ManualTimeProvider _time = new();
    private readonly ApprovalSigner _signer;

    public ApprovalSignerTests() => _signer = new ApprovalSigner(new ToolApprovalOptions(), _time);

    [Fact]
    [Trait("Law", "12")]
    public void Verify_HoldsUpToTheExpiryAndNotLonger()
    {
        var token = _signer.Sign("id", "1", "write", Arguments, _time.GetUtcNow() + TimeSpan.FromHours(1));

        _time.Advance(TimeSpan.FromHours(1));
        _signer.Verify(token, "id", "1", "write", Arguments).Should().BeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        _signer.Verify(token, "id", "1", "write", Arguments).Should().Be("the approval came too late.");
    }

    [Theory]
    [InlineData("1.253402300799.x", true)]
    [InlineData("1.253402300800.x", false)]
    [InlineData("1.-1.x", false)]
    [InlineData("2.5.x", false)]
    [InlineData("1.5", false)]
    [InlineData(null, false)]
    public void ExpiryOf_ReadsTimesThatExist(string? token, bool isTime) => ApprovalSigner.ExpiryOf(token).HasValue.Should().Be(isTime);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("1.x.AAAA")]
    [InlineData("1.5.%%%")]
    [InlineData("2.{expiry}.{mac}")]
    [InlineData("1.9{expiry}.{mac}")]
    [InlineData("1.{expiry}.{mac}.")]
    public void Verify_AnotherToken_IsInvalid(string? form)
    {
        var parts = _signer.Sign("id", "1", "write", Arguments, _time.GetUtcNow() + TimeSpan.FromHours(1)).Split('.');
        var token = form?.Replace("{expiry}", parts[1], StringComparison.Ordinal).Replace("{mac}", parts[2], StringComparison.Ordinal);

        _signer.Verify(token, "id", "1", "write", Arguments).Should().Contain("missing or invalid");
    }

    [Fact]
    public void Verify_PartsThatMoveIntoEachOther_AreNotTheSame()
    {
        var token = _signer.Sign("id", "1", "write", Arguments, _time.GetUtcNow() + TimeSpan.FromHours(1));

        _signer.Verify(token, "id", "1write", "", Arguments).Should().NotBeNull();
        _signer.Verify(token, "id1", "", "write", Arguments).Should().NotBeNull();
        _signer.Verify(token, "id", "1", "write", Wire.Json("""{"path":"b"}""")).Should().NotBeNull();
    }

    [Fact]
    [Trait("Law", "7")]
    public void TryRemember_SecondAnswer_IsTheFirstOnlyAfterTheTokenHasExpired()
    {
        _signer.TryRemember("old", ApprovalDecision.Approved).Should().BeTrue();
        _time.Advance(TimeSpan.FromHours(24));
        _signer.TryRemember("old", ApprovalDecision.Denied).Should().BeFalse("its token is still valid");
        _signer.Find("old").Should().Be(ApprovalClaim.Approved);
        _signer.TryRemember("new", ApprovalDecision.Denied).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _signer.TryRemember("new", ApprovalDecision.Approved).Should().BeFalse();
        _signer.Find("new").Should().Be(ApprovalClaim.Denied);
    }

    [Fact]
    [Trait("Law", "8")]
    public void TryRemember_AnyAnswer_ForgetsThoseWhoseTokensHaveExpired()
    {
        _signer.TryRemember("old", ApprovalDecision.Approved);
        _time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        _signer.TryRemember("new", ApprovalDecision.Approved);
        _signer.Find("old").Should().BeNull();
        _signer.Find("new").Should().NotBeNull();
    }

    [Fact]
    public async Task Release_LetsTheNextAnswerCount_WithoutTheStore()
    {
        var asked = 0;
        var signer = new ApprovalSigner(new ToolApprovalOptions { TryClaim = (_, _) => ValueTask.FromResult(asked++ == 0) }, _time);
        (await signer.TryClaimAsync("id", ApprovalDecision.Approved, CancellationToken.None)).Should().BeTrue();
        (await signer.TryClaimAsync("id", ApprovalDecision.Approved, CancellationToken.None)).Should().BeFalse();
        signer.Release("id");
        (await signer.TryClaimAsync("id", ApprovalDecision.Denied, CancellationToken.None)).Should().BeTrue();
        (await signer.TryClaimAsync("id", ApprovalDecision.Denied, CancellationToken.None)).Should().BeFalse();
        asked.Should().Be(1);
        signer.Release("unknown");
        signer.Find("unknown").Should().BeNull();
    }

    [Fact]
    public void Options_OutOfRange_AreRejected()
    {
        var options = new ToolApprovalOptions();
        options.Invoking(o => o.Key = new byte[ToolApprovalOptions.MinKeyBytes - 1]).Should().Throw<ArgumentException>().WithMessage("*at least 32 bytes; found 31*");
        options.Invoking(o => o.TokenLifetime = TimeSpan.Zero).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.TokenLifetime = Timeout.InfiniteTimeSpan).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.Timeout = TimeSpan.Zero).Should().Throw<ArgumentOutOfRangeException>();
        options.Key = new byte[ToolApprovalOptions.MinKeyBytes];
        FluentActions.Invoking(() => ToolApproval.When(null!)).Should().Throw<ArgumentNullException>();
    }
}
