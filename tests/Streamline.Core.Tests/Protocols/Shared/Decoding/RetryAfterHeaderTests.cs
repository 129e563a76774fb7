using System.Net;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Decoding;

public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(7.0, "retry-after: 7")]
    [InlineData(1.5, "retry-after: 1.5")]
    [InlineData(0.25, "retry-after-ms: 250")]
    [InlineData(0.25, "x-ms-retry-after-ms: 250")]
    [InlineData(0.25, "retry-after: 1", "x-ms-retry-after-ms: 250")]
    [InlineData(0.1, "retry-after-ms: 100", "x-ms-retry-after-ms: 250")]
    [InlineData(30.0, "retry-after: 5", "retry-after: 30")]
    [InlineData(30.0, "retry-after: 30", "retry-after: 5")]
    [InlineData(30.0, "retry-after: 5, 30")]
    [InlineData(30.0, "retry-after: soon", "retry-after: 30")]
    [InlineData(20.0, "resets_in_seconds: 20")]
    [InlineData(3.0, "resets_in_seconds: 20", "retry-after: 3")]
    [InlineData(30.0, "retry-after: Thu, 01 Jan 2026 00:00:30 GMT")]
    [InlineData(30.0, "retry-after: Thu, 01 Jan 2026 00:00:30 GMT", "retry-after: 5")]
    [InlineData(0.0, "retry-after: Wed, 31 Dec 2025 23:00:00 GMT")]
    [InlineData(0.0, "retry-after: -5")]
    [InlineData(31_536_000.0, "retry-after: 1e300")]
    public void Read_Headers_GivesTheLongestOfTheMostExact(double seconds, params string[] headers) =>
        Read(headers).Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData]
    [InlineData("retry-after: soon")]
    [InlineData("retry-after: ")]
    [InlineData("retry-after: NaN")]
    public void Read_NothingUsable_GivesNull(params string[] headers) => Read(headers).Should().BeNull();

    [Fact]
    [Trait("Law", "12")]
    public void Read_Date_IsMeasuredAgainstTheClockOfTheServer()
    {
        // The server's clock is an hour ahead of ours.
        Read("date: Thu, 01 Jan 2026 01:00:00 GMT", "retry-after: Thu, 01 Jan 2026 01:00:10 GMT").Should().Be(TimeSpan.FromSeconds(10));

        // And here an hour behind.
        Read("date: Wed, 31 Dec 2025 23:00:00 GMT", "retry-after: Wed, 31 Dec 2025 23:00:10 GMT").Should().Be(TimeSpan.FromSeconds(10));
    }

    private static TimeSpan? Read(params string[] headers)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            response.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        return RetryAfterHeader.Read(response.Headers, Now);
    }
}
