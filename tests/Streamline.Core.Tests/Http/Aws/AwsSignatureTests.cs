using System.Text;
using Streamline.Aws;

namespace Streamline.Tests.Http.Aws;

public class AwsSignatureTests
{
    private const string SuiteToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

    // From the test suite that AWS publishes for Signature Version 4, of which these are the cases that a request over HTTP can be.
    [Theory]
    [InlineData("get-vanilla", "GET", "/", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-relative-relative", "GET", "/example1/example2/../..", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-order-encoded", "GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "host;x-amz-date", "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac")]
    [InlineData("post-vanilla", "POST", "/", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public async Task SignAsync_CaseOfTheSuite_HasItsSignature(string name, string method, string path, string signedHeaders, string signature)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://example.amazonaws.com" + path);

        await SignAsync(request);

        request.Headers.GetValues("Authorization").Should().ContainSingle(name).Which.Should().Be(Authorization(signedHeaders, signature), name);
        request.Headers.GetValues("x-amz-date").Should().Equal("20150830T123600Z");
        request.Headers.Contains("x-amz-security-token").Should().BeFalse();
    }

    [Fact]
    public async Task SignAsync_SessionToken_IsSentAndSigned()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");

        await SignAsync(request, SuiteToken);

        // get-vanilla-with-session-token of the suite.
        request.Headers.GetValues("Authorization").Should().Equal(Authorization(
            "host;x-amz-date;x-amz-security-token", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"));
        request.Headers.GetValues("x-amz-security-token").Should().Equal(SuiteToken);
    }

    [Fact]
    public async Task SignAsync_Body_IsSignedWithItsType()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/")
        {
            Content = new StringContent("Param1=value1", new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };

        await SignAsync(request);

        // post-x-www-form-urlencoded of the suite.
        request.Headers.GetValues("Authorization").Should().Equal(Authorization(
            "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
    }

    [Fact]
    public async Task SignAsync_Twice_ReplacesTheFirstSignature()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer key");
        await SignAsync(request, "an older token");

        await SignAsync(request);

        request.Headers.GetValues("Authorization").Should().Equal(Authorization("host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    }

    // The signature was computed apart from this code, by a script that also gives those of the suite.
    [Fact]
    public async Task SignAsync_ModelThatIsAnArn_EncodesItsPathTwice()
    {
        const string Path = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-v1%3A0/converse-stream";
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://bedrock-runtime.us-east-1.amazonaws.com" + Path)
        {
            Content = new StringContent("""{"messages":[]}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };

        await SignAsync(request, "token/+=", "bedrock");

        request.Headers.GetValues("Authorization").Should().Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            + "Signature=db64e2e88756c313fa9f4f462f6af0437fd120f783eb6f1f38936258ca919b16");
    }

    // The handler sends the values of a header on one line, with a blank behind each comma, and a blank within a value is signed.
    [Fact]
    public async Task SignAsync_HeaderOfSeveralValues_IsSignedAsItIsSent()
    {
        using var several = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        several.Headers.Add("x-amz-list", ["a", "b"]);
        using var one = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        one.Headers.Add("x-amz-list", several.Headers.NonValidated["x-amz-list"].ToString());

        await SignAsync(several);
        await SignAsync(one);

        one.Headers.GetValues("x-amz-list").Should().Equal("a, b");
        several.Headers.GetValues("Authorization").Should().Equal(one.Headers.GetValues("Authorization"));
    }

    [Fact]
    public void CanonicalRequest_HeadersAndQuery_AreInTheFormThatBothSidesCompute()
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["x-amz-b"] = "  a   b ", ["host"] = "h" };

        AwsSignature.CanonicalRequest("GET", new Uri("https://h/a%20b/c(1)?z&y=2&y=1&x=%2f%20~"), headers, "host;x-amz-b", Encoding.UTF8.GetBytes("")).Should().Be(
            "GET\n/a%2520b/c%281%29\nx=%2F%20~&y=1&y=2&z=\nhost:h\nx-amz-b:a b\n\nhost;x-amz-b\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    [Theory]
    [InlineData("", "s", null)]
    [InlineData("a", "", null)]
    [InlineData("a", "hush\n", null)]
    [InlineData("hush ", "s", null)]
    [InlineData("a", "s", "hush\r\nX: y")]
    [Trait("Law", "10")]
    public void AwsCredentials_ThatCannotBe_ThrowWithoutTellingThem(string id, string key, string? token)
    {
        var create = () => new AwsCredentials(id, key, token);

        create.Should().Throw<ArgumentException>().Which.Message.Should().NotContain("hush");
    }

    [Fact]
    [Trait("Law", "10")]
    public void AwsCredentials_AsText_TellNothing() => new AwsCredentials("id", "key", "token").ToString().Should().NotContain("key").And.NotContain("token");

    private static ValueTask SignAsync(HttpRequestMessage request, string? token = null, string service = "service")
    {
        var credentials = new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token?.Replace(' ', '-'));
        return new AwsRequestSigner("us-east-1", service, _ => ValueTask.FromResult(credentials), new SuiteClock()).SignAsync(request, CancellationToken.None);
    }

    private static string Authorization(string signedHeaders, string signature) =>
        $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signedHeaders}, Signature={signature}";

    private sealed class SuiteClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
    }
}
