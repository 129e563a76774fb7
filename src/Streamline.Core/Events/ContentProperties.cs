using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>The names of the <c>AdditionalProperties</c> in which messages made by <see cref="StreamState"/> keep what their types have no member for.</summary>
/// <remarks>Request writers read them back, so that what a provider sent returns to it unchanged. The values survive serialization of the message.</remarks>
public static class ContentProperties
{
    /// <summary>On a tool call: the text of its arguments as the model wrote it, a <see cref="string"/>.</summary>
    public const string ArgumentsText = "streamline.argumentsText";

    /// <summary>On a function result: whether it is an error, a <see cref="bool"/>.</summary>
    public const string IsError = "streamline.isError";

    /// <summary>On a request for approval of a tool call: the signed token that an answer is verified with, a <see cref="string"/>.</summary>
    public const string ApprovalToken = "streamline.approvalToken";

    /// <summary>On a request for approval of a tool call: the time after which an answer is refused, a <see cref="string"/> in the round-trip format (<c>O</c>).</summary>
    public const string ApprovalExpiresAt = "streamline.approvalExpiresAt";

    /// <summary>The name of the property that keeps a block as its provider sent it, a <see cref="System.Text.Json.JsonElement"/>.</summary>
    /// <param name="provider">The name of the protocol, such as <c>anthropic</c>.</param>
    /// <returns>The name of the property.</returns>
    /// <exception cref="ArgumentException"><paramref name="provider"/> is <see langword="null"/> or empty.</exception>
    public static string RawBlock(string provider)
    {
        ArgumentException.ThrowIfNullOrEmpty(provider);
        return provider + ".block";
    }

    /// <summary>Reads a text, from memory or after storing; <see langword="null"/> when there is none.</summary>
    internal static string? TextOf(AIContent content, string name) => content.AdditionalProperties?.GetValueOrDefault(name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } stored => stored.GetString(),
        _ => null,
    };

    /// <summary>Tells whether a property is <see langword="true"/>, in memory or after storing.</summary>
    internal static bool IsTrue(AIContent content, string name) => content.AdditionalProperties?.GetValueOrDefault(name) is true or JsonElement { ValueKind: JsonValueKind.True };
}
