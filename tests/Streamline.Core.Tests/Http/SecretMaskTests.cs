using System.Net;

namespace Streamline.Tests.Http;

/// <summary>No key is in an exception, also when the provider echoes it.</summary>
[Trait("Law", "10")]
public sealed class SecretMaskTests
{
    private const string Key = "sk-live-0123456789abcdef";

    [Theory]
    [InlineData("Incorrect API key provided: sk-live-0123456789abcdef.", "Incorrect API key provided: ***.")]
    [InlineData("sk-live-0123456789abcdef and sk-live-0123456789abcdef", "*** and ***")]
    [InlineData("an excerpt that is cut: sk-live-01234567", "an excerpt that is cut: ***")]
    [InlineData("user-secret and query-secret and header-secret", "*** and *** and ***")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Apply_TextWithSecrets_MasksThem(string text, string expected) => Create().Apply(text).Should().Be(expected);

    [Fact]
    public void Apply_PlaceholderKey_LeavesOrdinaryWords() =>
        new SecretMask("ollama", [], []).Apply("ollama is not running").Should().Be("ollama is not running");

    [Fact]
    [Trait("Finding", "T11")]
    public void Apply_Exception_HasNoSecretAnywhereAndNamesTheAddress()
    {
        var error = new ProviderException("p", HttpStatusCode.NotFound, "code " + Key, "words " + Key) { RequestId = Key, IsRetryable = true, RetryAfter = TimeSpan.FromSeconds(1) };

        var masked = Create().Apply(error, new Uri($"https://user:user-secret@host.test/{Key}/messages?key={Key}"));

        masked.ToString().Should().NotContain(Key);
        (masked.Code, masked.ProviderMessage, masked.RequestId).Should().Be(("code ***", "words ***", "***"));
        masked.Message.Should().EndWith("[https://host.test/***/messages]");
        (masked.StatusCode, masked.IsRetryable, masked.RetryAfter).Should().Be((error.StatusCode, error.IsRetryable, error.RetryAfter));
    }

    private static SecretMask Create() =>
        new(Key, [new Uri("https://me:user-secret@host.test/?key=query-secret")], ["Bearer header-secret"]);
}
