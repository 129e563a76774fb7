using System.Runtime.CompilerServices;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>A typed value as far as it had arrived at one moment of a stream.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>
/// <para>
/// Immutable and thread-safe: a later snapshot does not change this one. Taking a snapshot costs the same however much came before; the value is put
/// together when <see cref="Value"/> is asked for. Then every member that has completed since is read once, and of what was complete before only references are copied,
/// those of the objects, lists and dictionaries that are still open.
/// </para>
/// <para>
/// What has not arrived has the default of its type, also where it is required. Strings are shown as they grow, and objects, arrays, lists and dictionaries
/// with what is in them so far. Everything else is shown when it is complete: numbers, truth values, enumerations, dates, other collections, types with a converter.
/// What does not fit its type is left out, for the end to report. Values in a snapshot are a preview; act on one whose <see cref="IsComplete"/> is set.
/// </para>
/// </remarks>
public sealed class Partial<T>
{
    private readonly PreviewBuilder? _previews;
    private readonly PartialJsonElement _root;
    private readonly string? _property;
    private StrongBox<T?>? _value;

    internal Partial(PreviewBuilder previews, PartialJsonElement root, string? property, IReadOnlyList<PartialJsonRepair> repairs, int restarts)
    {
        _previews = previews;
        _root = root;
        _property = property;
        Repairs = repairs;
        Restarts = restarts;
    }

    internal Partial(T value, PartialJsonElement root, string? property, IReadOnlyList<PartialJsonRepair> repairs, int restarts)
    {
        _value = new StrongBox<T?>(value);
        _root = root;
        _property = property;
        Repairs = repairs;
        Restarts = restarts;
        IsComplete = true;
    }

    /// <summary>Gets the value so far. It is made when it is asked for first, and then kept.</summary>
    /// <value>The default of the type when nothing can be shown yet. The whole value, read strictly, when <see cref="IsComplete"/> is set.</value>
    public T? Value => (_value ??= new StrongBox<T?>(_previews!.Build(Element) is T value ? value : default)).Value;

    /// <summary>Gets a value indicating whether this is the last snapshot: the response has ended properly, and its value is whole and valid.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets the value so far as JSON: what is complete in it, at any depth, and what grows.</summary>
    public PartialJsonElement Element => _property is null ? _root : _root[_property];

    /// <summary>Gets the names, as they are in JSON, of the members of the value that are complete and will not change.</summary>
    /// <value>A new list, in the order of arrival; empty when the value is not an object.</value>
    public IReadOnlyList<string> CompletedMembers => Element is { ValueKind: JsonValueKind.Object } members
        ? [.. members.EnumerateCompletedProperties().Select(property => property.Name).Distinct(StringComparer.Ordinal)]
        : [];

    /// <summary>Gets what was repaired in the JSON text so far.</summary>
    /// <value>Empty unless <see cref="StructuredOutputOptions.Json"/> asks for repairs.</value>
    public IReadOnlyList<PartialJsonRepair> Repairs { get; }

    /// <summary>Gets how often the answer has begun again after a part of it had been shown: by a retry, or because a tool loop went on with another response.</summary>
    /// <value>0 at first. While it stays the same, each snapshot has all that the one before has; when it rises, what was shown is void.</value>
    public int Restarts { get; }

    /// <summary>Tells whether a member of the value is complete and will not change.</summary>
    /// <param name="memberName">The name, as it is in JSON.</param>
    /// <returns><see langword="false"/> when it grows, has not begun, or the value is not an object.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memberName"/> is <see langword="null"/>.</exception>
    public bool IsMemberComplete(string memberName) => Element[memberName].IsComplete;

    /// <inheritdoc/>
    public override string ToString() => Element.ToString();
}
