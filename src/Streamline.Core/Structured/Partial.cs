using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>A typed value as far as it had arrived at one moment of a stream.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>
/// <para>
/// Immutable and thread-safe: a later snapshot does not change this one. Taking a snapshot costs the same however much came before. The value is put
/// together when you ask for <see cref="Value"/>, from what has arrived since you last did; only a string that still grows is made of all its text each time. Parts that are complete are shared between snapshots, so do not modify
/// them. Members of type <see cref="IReadOnlyList{T}"/>, <see cref="IEnumerable{T}"/> or another interface of lists share their elements too. A
/// <see cref="List{T}"/>, an array or a dictionary is a new one in each snapshot, up to about a hundred elements. A longer one that still grows is made anew only once
/// enough has arrived to pay for the copy, so it may lack its last elements for a while.
/// </para>
/// <para>
/// Strings grow, and so do objects, arrays, lists and dictionaries with string keys. Everything else appears when it is complete: numbers, booleans, enumerations, dates, other collections,
/// types with a converter. What has not arrived is null. Where the type says that there is no null, that is an empty string, collection or object, and an
/// enumeration has a value that it does not define; an object for which that is impossible appears when all such members have arrived. A default of the type is shown when the object is complete
/// without the member. So a preview can always be
/// serialized with the same <see cref="JsonSerializerOptions"/>. What does not fit its type is left out, with the items of a list that follow it, for the end to report. Extension data, and members that are
/// populated, are in the last snapshot only.
/// </para>
/// <para>Values in a snapshot are a preview. Act on one whose <see cref="IsComplete"/> is set.</para>
/// </remarks>
public class Partial<T>
{
    private readonly PartialState<T> _state;
    private StrongBox<T?>? _value;

    internal Partial(in PartialState<T> state)
    {
        _state = state;
        _value = state.Value;
    }

    /// <summary>Gets the value so far. It is made when you ask for it first, and then kept.</summary>
    /// <value>The default of the type when nothing can be shown yet. The whole value, read strictly, when <see cref="IsComplete"/> is set.</value>
    public T? Value => (_value ??= new StrongBox<T?>(_state.Previews.Build(Element) is T value ? value : default)).Value;

    /// <summary>Gets a value indicating whether this is the last snapshot: the response has ended properly, and its value is whole and valid.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsComplete => _state.Value is not null;

    /// <summary>Gets the value so far as JSON: what is complete in it, at any depth, and what grows.</summary>
    public PartialJsonElement Element => _state.Root.Find(_state.Document);

    /// <summary>Gets the names, as they are in JSON, of the members of the value that are complete and will not change.</summary>
    /// <value>A new list, in the order of arrival; empty when the value is not an object.</value>
    public IReadOnlyList<string> CompletedMembers => Element is { ValueKind: JsonValueKind.Object } members
        ? [.. members.EnumerateCompletedProperties().Select(property => property.Name).Distinct(StringComparer.Ordinal)]
        : [];

    /// <summary>Gets what was repaired or skipped in the JSON text so far, such as a Markdown fence.</summary>
    public IReadOnlyList<PartialJsonRepair> Repairs => _state.Repairs;

    /// <summary>Gets how often the answer has started over after a part of it had been shown: by a retry, or because a tool loop continued with another response.</summary>
    /// <value>0 at first. While it stays the same, each snapshot has all that the one before has. When it rises, discard what you have shown.</value>
    public int Restarts => _state.Restarts;

    /// <summary>Gets what is known of the response so far: usage, finish reason, reasoning and raw text.</summary>
    public StructuredResponse Response => field ??= _state.Mark.ToResponse();

    /// <summary>Tells whether a part of the value is complete and will not change.</summary>
    /// <param name="path">A JSON Pointer (RFC 6901) from the value on, such as <c>/steps/0/title</c>, or the name of a member as it is in JSON. Names are compared as the serializer compares them.</param>
    /// <returns><see langword="false"/> when it grows or has not begun.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The path is not a JSON Pointer, or values of the type never have anything there.</exception>
    public bool IsMemberComplete(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsThereWhole(MemberPathCheck.ToTokens(path, _state.TypeInfo));
    }

    /// <summary>Tells whether a part of the value is complete and will not change.</summary>
    /// <typeparam name="TMember">The type of the part.</typeparam>
    /// <param name="path">Members and indexes, such as <c>plan => plan.Steps[0].Title</c>. It is read, not compiled. An index is a constant or a variable.</param>
    /// <returns><see langword="false"/> when it grows or has not begun.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The path has other parts than members and indexes, or a member that JSON does not have.</exception>
    public bool IsMemberComplete<TMember>(Expression<Func<T, TMember>> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsThereWhole(MemberPath.ToTokens(path, _state.TypeInfo.Options));
    }

    /// <inheritdoc/>
    public override string ToString() => Element.ToString();

    private bool IsThereWhole(List<MemberToken> path) => new MemberCursor(path).TryFind(Element, out var member) && member.IsComplete;
}
