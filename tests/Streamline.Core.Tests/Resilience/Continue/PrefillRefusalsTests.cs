using System.Globalization;
using System.Net;

namespace Streamline.Tests.Resilience.Continue;

public sealed class PrefillRefusalsTests
{
    private readonly PrefillRefusals _refusals = new();

    [Theory]
    [InlineData("This model does not support Prefill.")]
    [InlineData("The last one must not be a model turn")]
    [InlineData("The conversation must end with a user message")]
    [InlineData("a conversation that ends with a user message")]
    [InlineData("An assistant message is not allowed there")]
    [InlineData("role model is not allowed")]
    [InlineData("expected another than role 'model'")]
    [InlineData("unknown member continue_final_message")]
    [InlineData("unknown member add_generation_prompt")]
    public void Learn_WordsThatNameThePrefill_AreRemembered(string words)
    {
        _refusals.Learn("p", "m", Error(words));

        _refusals.Contains("p", "m").Should().BeTrue();
        _refusals.Contains("p", null).Should().BeFalse();
        _refusals.Contains("q", "m").Should().BeFalse();
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.UnprocessableEntity, true)]
    [InlineData(HttpStatusCode.NotFound, false)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, false)]
    public void Learn_OtherStatus_SaysNothing(HttpStatusCode status, bool expected)
    {
        _refusals.Learn("p", null, Error("prefill", status));

        _refusals.Contains("p", null).Should().Be(expected);
    }

    [Theory]
    [InlineData("no")]
    [InlineData(null)]
    public void Learn_OtherWords_SayNothing(string? words)
    {
        _refusals.Learn("p", "m", Error(words));

        _refusals.Contains("p", "m").Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "8")]
    public void Learn_ManyModels_AreNotAllRemembered()
    {
        for (var i = 0; i < 1025; i++)
        {
            _refusals.Learn("p", Model(i), Error("prefill"));
        }

        _refusals.Contains("p", Model(1023)).Should().BeTrue();
        _refusals.Contains("p", Model(1024)).Should().BeFalse();

        static string Model(int i) => i.ToString(CultureInfo.InvariantCulture);
    }

    private static ProviderException Error(string? words, HttpStatusCode status = HttpStatusCode.BadRequest) => new("test", status, "invalid_request_error", words);
}
