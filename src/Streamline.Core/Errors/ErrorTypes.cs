using System.Globalization;

namespace Streamline;

/// <summary>Names the kind of a failure with one of few values, to count and to filter by: the provider's code or the HTTP status, <c>timeout.*</c>, <c>limit.*</c>, or the type of the exception.</summary>
internal static class ErrorTypes
{
    /// <summary>The kind of a failure of which nothing is known.</summary>
    public const string Other = "_OTHER";

    private const int MaxCodeLength = 64;

    public static string Of(Exception exception) => exception switch
    {
        ProviderException { Code: { } code } when IsIdentifier(code) => code,
        ProviderException { StatusCode: { } status } => ((int)status).ToString(CultureInfo.InvariantCulture),
        StreamTimeoutException timeout => $"timeout.{timeout.Phase}",
        StreamLimitException limit => $"limit.{limit.LimitName}",
        _ => exception.GetType().FullName ?? exception.GetType().Name,
    };

    // A server may put a whole sentence in place of a code.
    private static bool IsIdentifier(string code) => code.Length is > 0 and <= MaxCodeLength && code.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');
}
