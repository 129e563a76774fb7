using System.Net;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>An error as a provider tells it, by an HTTP status or inside a stream.</summary>
/// <param name="StatusCode">The HTTP status; inside a stream, the one that the error stands for.</param>
/// <param name="Code">The provider's error code or type; <see langword="null"/> for the one that the wire has for the status.</param>
/// <param name="Message">The provider's words.</param>
public sealed record ScriptedError(HttpStatusCode StatusCode, string? Code, string Message)
{
    /// <summary>Gets the error of a provider that has too much to do: status 529, <c>overloaded_error</c>.</summary>
    public static ScriptedError Overloaded { get; } = new((HttpStatusCode)529, "overloaded_error", "Overloaded");

    internal ProviderException ToException(StreamProtocol protocol) => new(protocol.Name, StatusCode, Code, Message);
}
