using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Tokens hold for what they were made for, until they expire, and each request for approval is answered once.</summary>
public sealed class ApprovalSignerTests
{
    private const int MaxRemembered = 4096;

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
    public void TryRemember_ManyRequests_ForgetsOnlyThoseThatCannotBeAnsweredAnyMore()
    {
        for (var i = 0; i < MaxRemembered; i++)
        {
            _signer.TryRemember($"old{i}").Should().BeTrue();
        }

        _time.Advance(TimeSpan.FromHours(24));
        _signer.TryRemember("old0").Should().BeFalse("its token is still valid");
        _signer.TryRemember("new").Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _signer.TryRemember("new").Should().BeFalse();
        _signer.TryRemember("old0").Should().BeTrue("its token has expired, so that it cannot be used anyway, and what is remembered is bounded");
    }

    [Fact]
    [Trait("Law", "8")]
    public void TryRemember_AtTheLimit_ForgetsWhatHasExpired()
    {
        for (var i = 0; i < MaxRemembered; i++)
        {
            _signer.TryRemember($"old{i}");
        }

        _time.Advance(TimeSpan.FromHours(25));
        _signer.TryRemember("old7").Should().BeTrue();
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
