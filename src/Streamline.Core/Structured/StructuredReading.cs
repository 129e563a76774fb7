using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Reads typed values out of events.</summary>
internal static class StructuredReading
{
    public static IAsyncEnumerable<Partial<T>> ReadAsync<T>(
        IAsyncEnumerable<StreamEvent> events, bool needsEnd, JsonTypeInfo<T> typeInfo, StructuredOutputOptions? options, CancellationToken cancellationToken)
    {
        var root = StructuredRoot.Of(typeInfo, isWrapped: false);
        var partials = ReadAsync(events, new StructuredText(toolName: null, JsonOf(options, () => ExpectedOf(typeInfo)), needsEnd), root, typeInfo, options, cancellationToken);
        return CallersTokens.Restore(partials, cancellationToken);
    }

    public static async IAsyncEnumerable<Partial<T>> ReadAsync<T>(
        IAsyncEnumerable<StreamEvent> events,
        StructuredText text,
        StructuredRoot root,
        JsonTypeInfo<T> typeInfo,
        StructuredOutputOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var value = new StructuredValue<T>(text, root, typeInfo, options);
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (text.Apply(streamEvent))
            {
                yield return new Partial<T>(value.Snapshot());
            }
        }

        yield return new Partial<T>(value.End());
    }

    // The path says where the list is in the value.
    public static async IAsyncEnumerable<Partial<T, TItem>> ReadAsync<T, TItem>(
        IAsyncEnumerable<StreamEvent> events,
        StructuredText text,
        StructuredRoot root,
        JsonTypeInfo<T> typeInfo,
        IReadOnlyList<MemberToken> path,
        JsonTypeInfo<TItem> itemType,
        StructuredOutputOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var value = new StructuredValue<T>(text, root, typeInfo, options);
        var (items, restarts) = (Items(), 0);
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!text.Apply(streamEvent))
            {
                continue;
            }

            if (text.Restarts != restarts)
            {
                (items, restarts) = (Items(), text.Restarts);
            }

            var snapshot = value.Snapshot();
            yield return new Partial<T, TItem>(snapshot, Take());
        }

        var last = value.End();
        yield return new Partial<T, TItem>(last, Take());

        StructuredItems Items()
        {
            var cursor = new MemberCursor(path);
            return new StructuredItems(document => cursor.TryFind(value.Place.Find(document), out var list) ? list : default);
        }

        IReadOnlyList<TItem> Take()
        {
            List<TItem>? taken = null;
            while (items.TryTakeNext(text.Document.RootElement, out var item, out var place))
            {
                (taken ??= []).Add(StructuredValue.Read(item, itemType, place, text, () => value.PreviewValue));
            }

            return taken ?? (IReadOnlyList<TItem>)[];
        }
    }

    public static async IAsyncEnumerable<T> ReadItemsAsync<T>(
        IAsyncEnumerable<StreamEvent> events,
        StructuredText text,
        StructuredRoot root,
        JsonTypeInfo<T> typeInfo,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (place, restarts) = (new StructuredPlace(root), 0);
        var items = new StructuredItems(place.Find);
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var hasGrown = text.Apply(streamEvent);
            if (text.Restarts != restarts)
            {
                place = new StructuredPlace(root);
                items = items.Count == 0
                    ? new StructuredItems(place.Find)
                    : throw new StreamInterruptedException("The answer broke and started over; items that were handed out cannot be taken back", bytesReceived: null);
                restarts = text.Restarts;
            }

            while (hasGrown && items.TryTakeNext(text.Document.RootElement, out var item, out var path))
            {
                yield return StructuredValue.Read(item, typeInfo, path, text, static () => null);
            }
        }

        if (text.End(static () => null) is { } fault)
        {
            throw fault;
        }

        while (items.TryTakeNext(text.Document.RootElement, out var item, out var path))
        {
            yield return StructuredValue.Read(item, typeInfo, path, text, static () => null);
        }

        if (place.IsTwice(text.Document.RootElement, out var name))
        {
            throw StructuredValue.IsDuplicate(JsonPath.Of("$", name), text, partialValue: null);
        }

        if (!items.HasList)
        {
            throw new StructuredOutputException(
                StructuredOutputError.InvalidValue, "The answer has no list of items: expected an array, or an object with an array as its property 'items'", "$")
            { Response = text.Mark.ToResponse() };
        }
    }

    /// <summary>How the text is read. Fences, prose and reasoning around the value are skipped unless the caller says otherwise.</summary>
    /// <param name="options">The settings of the answer.</param>
    /// <param name="schema">Makes the schema of the answer, which guesses prefer. It is called for guesses only.</param>
    public static PartialJsonOptions JsonOf(StructuredOutputOptions? options, Func<PartialJsonSchema?> schema)
    {
        var json = (options ?? new StructuredOutputOptions()).Json;
        if (json is { Repair: PartialJsonRepairMode.Guess, Schema: null })
        {
            json = json.Copy();
            json.Schema = schema();
        }

        return json;
    }

    // Nobody is asked for the value here, so a type without a schema can be read too.
    private static PartialJsonSchema? ExpectedOf(JsonTypeInfo type)
    {
        try
        {
            return StructuredSchema.OfValue(type).Expected;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
