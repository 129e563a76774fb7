using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Streamline.Protocols.Shared;

/// <summary>Keeps the ids of one response's tool calls unique, and recognises a call that is sent a second time.</summary>
internal sealed class ToolCallIds
{
    private const int MaxKeptChars = 4096;

    private readonly Dictionary<string, (string Name, string Arguments, bool IsHashed)> _calls = new(StringComparer.Ordinal);

    /// <summary>Gets a value indicating whether a call was sealed that the application has to answer.</summary>
    public bool HasToAnswer { get; private set; }

    /// <summary>Tells whether another call has the id.</summary>
    public bool IsTaken(string? id) => !string.IsNullOrEmpty(id) && _calls.ContainsKey(id);

    /// <summary>Gives a call its id: the provider's own, unless that is missing or taken.</summary>
    /// <param name="id">The provider's id; <see langword="null"/> or empty for none.</param>
    /// <param name="index">The index of the call's block.</param>
    /// <param name="responseId">The id of the response, from which ids are made for calls that have none; <see langword="null"/> when it is not known.</param>
    public string Take(string? id, int index, string? responseId)
    {
        var unique = string.IsNullOrEmpty(id) ? Make(index, responseId) : id;
        for (var attempt = 0; !_calls.TryAdd(unique, default); attempt++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{(string.IsNullOrEmpty(id) ? "call" : id)}_{index + attempt}");
        }

        return unique;
    }

    /// <summary>Remembers what a call said, once it is sealed.</summary>
    public void Seal(ToolCallCompleted call)
    {
        HasToAnswer |= !call.IsProviderExecuted;

        // Long arguments are kept as their hash, so that calls that have ended cost no more than they are worth.
        var isLong = call.ArgumentsText.Length > MaxKeptChars;
        _calls[call.CallId] = (call.Name, isLong ? Hash(call.ArgumentsText) : call.ArgumentsText, isLong);
    }

    /// <summary>Tells whether a call says the same as one that was sealed under its id: the same arguments, however they are laid out, or none.</summary>
    public bool IsRepeat(string id, string name, string arguments) =>
        _calls.TryGetValue(id, out var call) && call.Name == name
        && (string.IsNullOrWhiteSpace(arguments) || (call.IsHashed ? call.Arguments == Hash(arguments) : Compact(call.Arguments) == Compact(arguments)));

    private static string Hash(string arguments) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(Compact(arguments).AsSpan())));

    // Leaves out the white space between the tokens of a JSON object.
    private static string Compact(string arguments)
    {
        if (!arguments.AsSpan().TrimStart().StartsWith('{') || !arguments.AsSpan().ContainsAny(" \t\r\n"))
        {
            return arguments;
        }

        var compact = new StringBuilder(arguments.Length);
        var (isInString, isEscaped) = (false, false);
        foreach (var character in arguments)
        {
            if (!isInString && character is (' ' or '\t' or '\r' or '\n'))
            {
                continue;
            }

            isInString ^= character == '"' && !isEscaped;
            isEscaped = character == '\\' && !isEscaped;
            compact.Append(character);
        }

        return compact.ToString();
    }

    // The same for the same response, and different in every response of a conversation.
    private static string Make(int index, string? responseId) => responseId is { Length: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"call_{responseId}_{index}")
        : string.Create(CultureInfo.InvariantCulture, $"call_{index}");
}
