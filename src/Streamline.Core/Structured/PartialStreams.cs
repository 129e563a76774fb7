using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>Reads a typed value out of a stream that exists already.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class Partial
{
    /// <summary>Reads a typed value from pieces of text.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="json">The pieces, cut anywhere, such as those of <c>StreamTextAsync</c>.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, of which <see cref="StructuredOutputOptions.Json"/> and <see cref="StructuredOutputOptions.Previews"/> count; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    /// <returns>A snapshot for each piece; the last one is complete. They can be enumerated as often as <paramref name="json"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A rule of <see cref="StructuredOutputOptions.Previews"/> is about a member that no value of the type has in JSON.</exception>
    /// <exception cref="StructuredOutputException">While enumerating, at the end: the text is not a whole and valid value of the type, or has a member twice.</exception>
    public static IAsyncEnumerable<Partial<T>> ReadAllAsync<T>(
        IAsyncEnumerable<string> json, JsonTypeInfo<T> jsonTypeInfo, StructuredOutputOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        options?.Previews.ThrowIfUnmatched(jsonTypeInfo);
        return StructuredReading.ReadAsync(ToEvents(json, CancellationToken.None), needsEnd: false, jsonTypeInfo, options?.Copy(), cancellationToken);
    }

    /// <summary>Reads a typed value from the text of a response.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="events">The events of the response.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, of which <see cref="StructuredOutputOptions.Json"/> and <see cref="StructuredOutputOptions.Previews"/> count; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    /// <returns>A snapshot for each piece of the text; the last one is complete.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A rule of <see cref="StructuredOutputOptions.Previews"/> is about a member that no value of the type has in JSON.</exception>
    /// <exception cref="StructuredOutputException">While enumerating, at the end: the text is not a whole and valid value of the type, or has a member twice.</exception>
    /// <exception cref="StreamInterruptedException">While enumerating: the events ended before the response did.</exception>
    public static IAsyncEnumerable<Partial<T>> ReadAllAsync<T>(
        IAsyncEnumerable<StreamEvent> events, JsonTypeInfo<T> jsonTypeInfo, StructuredOutputOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        options?.Previews.ThrowIfUnmatched(jsonTypeInfo);
        return StructuredReading.ReadAsync(events, needsEnd: true, jsonTypeInfo, options?.Copy(), cancellationToken);
    }

    private static async IAsyncEnumerable<StreamEvent> ToEvents(IAsyncEnumerable<string> pieces, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (piece.Length > 0)
            {
                yield return new TextDelta { Index = 0, Text = piece };
            }
        }
    }
}
