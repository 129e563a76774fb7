namespace Streamline.Aws;

/// <summary>AWS credentials that requests are signed with. They never appear in a message, a log or the result of <see cref="ToString"/>.</summary>
public sealed class AwsCredentials
{
    /// <summary>Initializes a new instance of the <see cref="AwsCredentials"/> class.</summary>
    /// <param name="accessKeyId">The id of the key, which is not secret.</param>
    /// <param name="secretAccessKey">The key.</param>
    /// <param name="sessionToken">The token of credentials that end after some time; <see langword="null"/> for those that do not.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="accessKeyId"/> or <paramref name="secretAccessKey"/> is <see langword="null"/> or empty, or one of the three holds other characters than printable
    /// ASCII, such as a line end.
    /// </exception>
    public AwsCredentials(string accessKeyId, string secretAccessKey, string? sessionToken = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessKeyId);
        ArgumentException.ThrowIfNullOrEmpty(secretAccessKey);
        ThrowUnlessPrintable(accessKeyId, nameof(accessKeyId));
        ThrowUnlessPrintable(secretAccessKey, nameof(secretAccessKey));
        ThrowUnlessPrintable(sessionToken, nameof(sessionToken));
        AccessKeyId = accessKeyId;
        SecretAccessKey = secretAccessKey;
        SessionToken = string.IsNullOrEmpty(sessionToken) ? null : sessionToken;
    }

    /// <summary>Gets the id of the key.</summary>
    public string AccessKeyId { get; }

    internal string SecretAccessKey { get; }

    internal string? SessionToken { get; }

    /// <summary>Returns the name of the type, without any of the values.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => nameof(AwsCredentials);

    private static void ThrowUnlessPrintable(string? value, string name)
    {
        if (value.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            // The value itself stays out of the message.
            throw new ArgumentException("Expected printable ASCII characters without blanks; found another character, perhaps a line end.", name);
        }
    }
}
