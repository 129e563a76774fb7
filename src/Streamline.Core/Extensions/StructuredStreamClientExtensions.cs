using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Streamline.Structured;

namespace Streamline;

/// <summary>Asks for answers as typed values, streamed or whole.</summary>
/// <remarks>
/// What is not an object in JSON (a list, a number, one of several types) is asked for inside of an object, and read with and without it. Markdown fences, prose and
/// <c>&lt;think&gt;</c> blocks around the value are skipped; see <see cref="StructuredOutputOptions.Json"/>. Tools that ask for approval are denied.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class StructuredStreamClientExtensions
{
    /// <summary>Asks one question and streams the answer as a typed value that grows.</summary>
    /// <inheritdoc cref="StreamObjectAsync{T}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
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
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A snapshot for each delta; the last one is complete. See <see cref="IStreamClient.StreamAsync"/> for how the stream ends and fails.</returns>
    /// <remarks>The request carries the JSON schema of the type: every object closed and every property required, so that providers accept it in their strict modes.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, the question or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A rule of <see cref="StructuredOutputOptions.Previews"/> is about a member that no value of the type has in JSON.</exception>
    /// <exception cref="StructuredOutputException">While enumerating, at the end: the answer is not a whole and valid value of the type, or has a member twice; the partial value and the path are on it.</exception>
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
        settings.Previews.ThrowIfUnmatched(jsonTypeInfo);
        var schema = StructuredSchema.OfValue(jsonTypeInfo);
        var request = StructuredRequest.Create(client, messages, schema, settings);
        return StructuredReading.ReadAsync(
            UnansweredApprovals.Deny(client.StreamAsync(request.Request, cancellationToken)), request.CreateText(settings), schema.Root, jsonTypeInfo, settings, CancellationToken.None);
    }

    /// <summary>Asks one question and returns the answer as a typed value.</summary>
    /// <inheritdoc cref="GetObjectAsync{T}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static Task<T> GetObjectAsync<T>(
        this IStreamClient client, string prompt, JsonTypeInfo<T> jsonTypeInfo, StructuredOutputOptions? options = null, CancellationToken cancellationToken = default) =>
        LastAsync(client.StreamObjectAsync(prompt, jsonTypeInfo, options, cancellationToken));

    /// <summary>Returns the answer to a conversation as a typed value.</summary>
    /// <typeparam name="T">The type of the value. What is not an object in JSON is asked for inside of one, as its property <c>value</c>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The whole value, read strictly. For its usage and repairs, read the last snapshot of <c>StreamObjectAsync</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, the question or <paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="StructuredOutputException">The answer is not a whole and valid value of the type; the partial value and the path are on it.</exception>
    /// <exception cref="StreamlineException">The request failed, or its stream did; see <see cref="IStreamClient.StreamAsync"/>.</exception>
    public static Task<T> GetObjectAsync<T>(
        this IStreamClient client,
        IReadOnlyList<ChatMessage> messages,
        JsonTypeInfo<T> jsonTypeInfo,
        StructuredOutputOptions? options = null,
        CancellationToken cancellationToken = default) =>
        LastAsync(client.StreamObjectAsync(messages, jsonTypeInfo, options, cancellationToken));

    /// <summary>Asks one question and streams the answer as a typed value that grows, with the items of one of its lists as they close.</summary>
    /// <inheritdoc cref="StreamObjectAsync{T, TItem}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, Expression{Func{T, IEnumerable{TItem}}}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context, which has the type of an item too.</param>
    /// <param name="items">The list, such as <c>plan => plan.Steps</c>.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static IAsyncEnumerable<Partial<T, TItem>> StreamObjectAsync<T, TItem>(
        this IStreamClient client,
        string prompt,
        JsonTypeInfo<T> jsonTypeInfo,
        Expression<Func<T, IEnumerable<TItem>?>> items,
        StructuredOutputOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return client.StreamObjectAsync([new ChatMessage(ChatRole.User, prompt)], jsonTypeInfo, items, options, cancellationToken);
    }

    /// <summary>Streams the answer to a conversation as a typed value that grows, with the items of one of its lists as they close.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <typeparam name="TItem">The type of an item.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context, which has the type of an item too.</param>
    /// <param name="items">The list, such as <c>plan => plan.Steps</c>, or <c>list => list</c> when the value is the list. It is read, not compiled.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A snapshot for each delta, with the items that have closed since the one before; the last one is complete.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, the question, <paramref name="jsonTypeInfo"/> or <paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="items"/> has other parts than members and indexes, a member that JSON does not have, or is not an array in JSON; or a rule of <see cref="StructuredOutputOptions.Previews"/> is about a member that no value of the type has.</exception>
    /// <exception cref="NotSupportedException">The context of <paramref name="jsonTypeInfo"/> does not have the type of an item.</exception>
    /// <exception cref="StructuredOutputException">While enumerating: an item is not valid; or, at the end, the answer is not a whole and valid value of the type.</exception>
    public static IAsyncEnumerable<Partial<T, TItem>> StreamObjectAsync<T, TItem>(
        this IStreamClient client,
        IReadOnlyList<ChatMessage> messages,
        JsonTypeInfo<T> jsonTypeInfo,
        Expression<Func<T, IEnumerable<TItem>?>> items,
        StructuredOutputOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        ArgumentNullException.ThrowIfNull(items);
        var path = MemberPath.ToListTokens(items, jsonTypeInfo.Options);
        var itemType = (JsonTypeInfo<TItem>)jsonTypeInfo.Options.GetTypeInfo(typeof(TItem));
        var settings = options?.Copy() ?? new StructuredOutputOptions();
        settings.Previews.ThrowIfUnmatched(jsonTypeInfo);
        var schema = StructuredSchema.OfValue(jsonTypeInfo);
        var request = StructuredRequest.Create(client, messages, schema, settings);
        return StructuredReading.ReadAsync(
            UnansweredApprovals.Deny(client.StreamAsync(request.Request, cancellationToken)), request.CreateText(settings), schema.Root, jsonTypeInfo, path, itemType, settings, CancellationToken.None);
    }

    /// <summary>Asks one question and streams the items of the answer, each the moment that it is complete.</summary>
    /// <inheritdoc cref="StreamItemsAsync{T}(IStreamClient, IReadOnlyList{ChatMessage}, JsonTypeInfo{T}, StructuredOutputOptions?, CancellationToken)"/>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the user's message.</param>
    /// <param name="jsonTypeInfo">How the type of an item is read, from a source-generated context.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
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
    /// <param name="cancellationToken">Cancels the request.</param>
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
        return StructuredReading.ReadItemsAsync(
            UnansweredApprovals.Deny(client.StreamAsync(request.Request, cancellationToken)), request.CreateText(settings), schema.Root, jsonTypeInfo, CancellationToken.None);
    }

    private static async Task<T> LastAsync<T>(IAsyncEnumerable<Partial<T>> snapshots)
    {
        Partial<T>? last = null;
        await foreach (var snapshot in snapshots.ConfigureAwait(false))
        {
            last = snapshot;
        }

        return last!.Value!; // the last snapshot is complete, or the stream throws
    }
}
