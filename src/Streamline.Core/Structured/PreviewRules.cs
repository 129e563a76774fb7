using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>What a <see cref="Partial{T}"/> shows, and when. It adds to what <see cref="ShowWhenCompleteAttribute"/> and <see cref="RequiredToShowAttribute"/> say.</summary>
/// <remarks>Not thread-safe. It is copied when a stream begins.</remarks>
public sealed class PreviewRules
{
    private readonly HashSet<(Type? Type, string Name)> _whenComplete = [];
    private readonly HashSet<(Type? Type, string Name)> _required = [];

    internal bool IsEmpty => _whenComplete.Count == 0 && _required.Count == 0;

    /// <summary>Shows a member only when it is complete, as <see cref="ShowWhenCompleteAttribute"/> does.</summary>
    /// <typeparam name="T">The type that has the member.</typeparam>
    /// <param name="member">The member, such as <c>step => step.Title</c>.</param>
    /// <returns>These rules.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="member"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a property or field of its parameter.</exception>
    public PreviewRules ShowWhenComplete<T>(Expression<Func<T, object?>> member)
    {
        _whenComplete.Add(KeyOf(MemberOf(member)));
        return this;
    }

    /// <summary>Shows an object only when one of its members can be shown, as <see cref="RequiredToShowAttribute"/> does.</summary>
    /// <typeparam name="T">The type that has the member.</typeparam>
    /// <param name="member">The member, such as <c>step => step.Id</c>.</param>
    /// <returns>These rules.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="member"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a property or field of its parameter.</exception>
    public PreviewRules RequireToShow<T>(Expression<Func<T, object?>> member)
    {
        _required.Add(KeyOf(MemberOf(member)));
        return this;
    }

    internal PreviewRules Copy()
    {
        var copy = new PreviewRules();
        copy._whenComplete.UnionWith(_whenComplete);
        copy._required.UnionWith(_required);
        return copy;
    }

    /// <summary>Throws when a rule is about a member that no value of a type has in JSON.</summary>
    /// <exception cref="ArgumentException">There is such a rule.</exception>
    internal void ThrowIfUnmatched(JsonTypeInfo type)
    {
        if (IsEmpty)
        {
            return;
        }

        var unmatched = new HashSet<(Type? Type, string Name)>(_whenComplete.Concat(_required));
        foreach (var property in PreviewGraph.MembersOf(type))
        {
            if (property.AttributeProvider is MemberInfo member)
            {
                unmatched.Remove(KeyOf(member));
            }
        }

        foreach (var (owner, name) in unmatched)
        {
            throw new ArgumentException($"Found a rule for '{owner?.Name}.{name}', expected a member that a {type.Type.Name} or a value in it has in JSON.", nameof(type));
        }
    }

    internal bool IsShownWhenComplete(JsonPropertyInfo property) =>
        Has<ShowWhenCompleteAttribute>(property) || (property.AttributeProvider is MemberInfo member && _whenComplete.Contains(KeyOf(member)));

    internal bool IsRequiredToShow(JsonPropertyInfo property) =>
        Has<RequiredToShowAttribute>(property) || (property.AttributeProvider is MemberInfo member && _required.Contains(KeyOf(member)));

    private static bool Has<TAttribute>(JsonPropertyInfo property) =>
        property.AttributeProvider switch
        {
            MemberInfo member => Attribute.IsDefined(member, typeof(TAttribute), inherit: true), // of an override, the one that it overrides counts too
            { } other => other.IsDefined(typeof(TAttribute), inherit: true),
            null => false,
        }
        || property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: true) == true;

    // One member has several descriptions: of the type that declares it, and of those that derive from it or override it.
    private static (Type? Type, string Name) KeyOf(MemberInfo member)
    {
        var accessor = member is PropertyInfo property ? property.GetMethod ?? property.SetMethod : null;
        return (accessor?.GetBaseDefinition().DeclaringType ?? member.DeclaringType, member.Name);
    }

    private static MemberInfo MemberOf(LambdaExpression member)
    {
        ArgumentNullException.ThrowIfNull(member);
        var body = member.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } conversion)
        {
            body = conversion.Operand;
        }

        return body is MemberExpression { Expression: ParameterExpression, Member: var found }
            ? found
            : throw new ArgumentException($"Found '{member}', expected a property or field of the parameter, such as 'step => step.Title'.", nameof(member));
    }
}
