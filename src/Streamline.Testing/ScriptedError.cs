using System.Net;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>An error of a provider, as an HTTP status or inside a stream.</summary>
/// <param name="StatusCode">The HTTP status; inside a stream, the one that the error stands for.</param>
/// <param name="Code">The provider's error code or type; <see langword="null"/> for the one that the protocol has for the status, if it has any.</param>
/// <param name="Message">The provider's words.</param>
public sealed record ScriptedError(HttpStatusCode StatusCode, string? Code, string Message)
{
    /// <summary>Gets the error of an overloaded provider: status 529, <c>overloaded_error</c>.</summary>
    public static ScriptedError Overloaded { get; } = new((HttpStatusCode)529, "overloaded_error", "Overloaded");

    /// <summary>Gets a value indicating whether the same request may succeed when it is sent again, for protocols that can say so inside a stream.</summary>
    /// <value>The default follows the status: 408, 409, 429 and 500 or more may.</value>
    public bool IsRetryable { get; init; } = (int)StatusCode is 408 or 409 or 429 or >= 500;

    internal ProviderException ToException(StreamProtocol protocol) => new(protocol.Name, StatusCode, Code, Message) { IsRetryable = IsRetryable };
}
