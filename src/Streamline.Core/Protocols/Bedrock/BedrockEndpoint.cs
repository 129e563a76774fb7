namespace Streamline.Protocols.Bedrock;

/// <summary>Where the service is: its address in a region, and the path of an operation on a model.</summary>
internal static class BedrockEndpoint
{
    public const string DefaultRegion = "us-east-1";

    /// <summary>Gets the address of the service in a region.</summary>
    /// <param name="region">The name of the region, such as <c>eu-central-1</c>.</param>
    /// <exception cref="ArgumentException">That is not a valid name of a region.</exception>
    public static Uri Of(string region)
    {
        // The name becomes a part of the host, so nothing else may be in it.
        ArgumentException.ThrowIfNullOrEmpty(region);
        if (!region.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'))
        {
            throw new ArgumentException("Expected the name of an AWS region, such as eu-central-1; found a character other than a lowercase letter, digit or hyphen.", nameof(region));
        }

        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new Uri($"https://bedrock-runtime.{region}.{domain}/");
    }

    /// <summary>Gets the path of an operation. The id of a model may be an ARN, whose colons and slashes are escaped in the path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <param name="operation">The last segment of the path.</param>
    /// <exception cref="ArgumentException">There is no model.</exception>
    public static string PathOf(StreamRequest request, StreamRequestDefaults defaults, string operation) =>
        $"model/{Uri.EscapeDataString(OutgoingRequest.RequireModel(request, defaults))}/{operation}";
}
