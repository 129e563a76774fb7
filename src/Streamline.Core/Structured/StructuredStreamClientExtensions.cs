using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline;

/// <summary>Typed answers, while they arrive.</summary>
public static class StructuredStreamClientExtensions
{
    /// <summary>Asks one question and streams the answer as a typed value that grows.</summary>
    /// <inheritdoc cref="StreamObjectAsync{T}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public static IAsyncEnumerable<Partial<T>> StreamObjectAsync<T>(
        this IStreamClient client, string prompt, JsonTypeInfo<T> jsonTypeInfo, StructuredOutputOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return client.StreamObjectAsync([new ChatMessage(ChatRole.User, prompt)], jsonTypeInfo, options, cancellationToken);
    }

    /// <summary>Streams the answer to a conversation as a typed value that grows.</summary>
    /// <typeparam name="T">The type of the value. What is not an object in JSON is asked for inside of one, as its property <c>value</c>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>A snapshot for each delta; the last one is complete. See <see cref="IStreamClient.StreamAsync"/> for how the stream ends and fails.</returns>
    /// <remarks>The request carries the JSON schema of the type: every object closed and every property required, so that providers accept it in their strict modes.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, the question or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="StructuredOutputException">While enumerating, at the end: the answer is not a whole and valid value of the type; the partial value and the path are on it.</exception>
    public static IAsyncEnumerable<Partial<T>> StreamObjectAsync<T>(
        this IStreamClient client,
        IReadOnlyList<ChatMessage> messages,
        JsonTypeInfo<T> jsonTypeInfo,
        StructuredOutputOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        var settings = options?.Copy() ?? new StructuredOutputOptions();
        var schema = StructuredSchema.OfValue(jsonTypeInfo);
        var request = StructuredRequest.Create(client, messages, schema, settings);
        return ReadValueAsync(client.StreamAsync(request.Request, cancellationToken), request.ToolName, schema.Property, jsonTypeInfo, settings.Json, CancellationToken.None);
    }

    /// <summary>Asks one question and streams the items of the answer, each the moment that it is complete.</summary>
    /// <inheritdoc cref="StreamItemsAsync{T}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type of an item is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public static IAsyncEnumerable<T> StreamItemsAsync<T>(
        this IStreamClient client, string prompt, JsonTypeInfo<T> jsonTypeInfo, StructuredOutputOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return client.StreamItemsAsync([new ChatMessage(ChatRole.User, prompt)], jsonTypeInfo, options, cancellationToken);
    }

    /// <summary>Streams the items of the answer to a conversation, each the moment that it is complete.</summary>
    /// <typeparam name="T">The type of an item. The model is asked for an object with the list as its property <c>items</c>; a list at the root will do too.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="jsonTypeInfo">How the type of an item is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>The items, in order, each read strictly. See <see cref="IStreamClient.StreamAsync"/> for how the stream ends and fails.</returns>
    /// <remarks>An item cannot be taken back. So a client whose retry restarts an answer after the first item fails here with <see cref="StreamInterruptedException"/> at that point.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, the question or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="StructuredOutputException">While enumerating: an item is not valid; or, at the end, the answer is not a whole list.</exception>
    public static IAsyncEnumerable<T> StreamItemsAsync<T>(
        this IStreamClient client,
        IReadOnlyList<ChatMessage> messages,
        JsonTypeInfo<T> jsonTypeInfo,
        StructuredOutputOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        var settings = options?.Copy() ?? new StructuredOutputOptions();
        var schema = StructuredSchema.OfItems(jsonTypeInfo);
        var request = StructuredRequest.Create(client, messages, schema, settings);
        return ReadItemsAsync(client.StreamAsync(request.Request, cancellationToken), request.ToolName, schema.Property!, jsonTypeInfo, settings.Json, CancellationToken.None);
    }

    private static async IAsyncEnumerable<Partial<T>> ReadValueAsync<T>(
        IAsyncEnumerable<StreamEvent> events,
        string? toolName,
        string? property,
        JsonTypeInfo<T> typeInfo,
        PartialJsonOptions? json,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new StructuredText(toolName, json);
        var contracts = PreviewContracts.Of(typeInfo.Options);
        var (previews, restarts) = (new PreviewBuilder(contracts, typeof(T)), 0);
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!text.Apply(streamEvent))
            {
                continue;
            }

            if (text.Restarts != restarts)
            {
                (previews, restarts) = (new PreviewBuilder(contracts, typeof(T)), text.Restarts);
            }

            yield return Snapshot();
        }

        if (text.End(() => Snapshot().Value) is { } fault)
        {
            throw fault;
        }

        var partial = Snapshot();
        var value = StructuredValue.Read(partial.Element, typeInfo, "$", () => partial.Value);
        yield return new Partial<T>(value, text.Document.RootElement, property, text.Document.Repairs, restarts);

        Partial<T> Snapshot() => new(previews, text.Document.RootElement, property, text.Document.Repairs, restarts);
    }

    private static async IAsyncEnumerable<T> ReadItemsAsync<T>(
        IAsyncEnumerable<StreamEvent> events,
        string? toolName,
        string property,
        JsonTypeInfo<T> typeInfo,
        PartialJsonOptions? json,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new StructuredText(toolName, json);
        var items = new StructuredItems(property);
        var restarts = 0;
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var hasGrown = text.Apply(streamEvent);
            if (text.Restarts != restarts)
            {
                items = items.Count == 0
                    ? new StructuredItems(property)
                    : throw new StreamInterruptedException("The answer broke and began anew; items that were handed out cannot be taken back", bytesReceived: -1);
                restarts = text.Restarts;
            }

            while (hasGrown && items.TryTakeNext(text.Document.RootElement, out var item, out var path))
            {
                yield return StructuredValue.Read(item, typeInfo, path, static () => null);
            }
        }

        if (text.End(static () => null) is { } fault)
        {
            throw fault;
        }

        while (items.TryTakeNext(text.Document.RootElement, out var item, out var path))
        {
            yield return StructuredValue.Read(item, typeInfo, path, static () => null);
        }

        items.ThrowUnlessList();
    }
}
