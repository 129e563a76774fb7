using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>Turns a typed path, such as <c>plan => plan.Steps[0].Title</c>, into its steps in JSON. Nothing is compiled.</summary>
internal static class MemberPath
{
    /// <summary>Makes the steps.</summary>
    /// <param name="path">The path: members and indexes from the parameter on.</param>
    /// <param name="options">The context that knows the names of members in JSON.</param>
    /// <exception cref="ArgumentException">The path has another part, or a member that JSON does not have.</exception>
    public static List<MemberToken> ToTokens(LambdaExpression path, JsonSerializerOptions options)
    {
        var tokens = new List<MemberToken>();
        Append(path.Body, path, options, tokens);
        return tokens;
    }

    /// <summary>Makes the steps to a list.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">The context that knows the names of members in JSON.</param>
    /// <exception cref="ArgumentException">As for <see cref="ToTokens"/>; or what is at the path is not an array in JSON.</exception>
    public static List<MemberToken> ToListTokens(LambdaExpression path, JsonSerializerOptions options)
    {
        var tokens = ToTokens(path, options);
        var body = path.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } conversion)
        {
            body = conversion.Operand;
        }

        var isList = !options.TryGetTypeInfo(body.Type, out var info) || info.Kind == JsonTypeInfoKind.Enumerable
            || (info.Kind == JsonTypeInfoKind.None && (!PreviewContracts.IsBuiltIn(info) || MemberPathCheck.IsOpen(body.Type)));
        return isList && body.Type != typeof(string)
            ? tokens
            : throw new ArgumentException($"Found '{path}', of type {body.Type.Name}, expected a list: a value of that type is not an array in JSON.", nameof(path));
    }

    private static void Append(Expression part, LambdaExpression path, JsonSerializerOptions options, List<MemberToken> tokens)
    {
        switch (part)
        {
            case ParameterExpression:
                break;
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } conversion:
                Append(conversion.Operand, path, options, tokens);
                break;
            case MemberExpression { Expression: { } owner, Member.Name: "Value" } when Nullable.GetUnderlyingType(owner.Type) is not null:
                Append(owner, path, options, tokens);
                break;
            case MemberExpression { Expression: { } owner } member:
                Append(owner, path, options, tokens);
                tokens.Add(new MemberToken(NameOf(member.Member, owner.Type, path, options), MemberToken.ComparisonOf(options)));
                break;
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } index:
                Append(index.Left, path, options, tokens);
                AppendIndex(index.Right, path, key: null, tokens);
                break;
            case MethodCallExpression { Object: { } owner, Method.Name: "get_Item", Arguments: [var index] }:
                Append(owner, path, options, tokens);
                AppendIndex(index, path, KeyOf(owner.Type, options), tokens);
                break;
            case MethodCallExpression { Object: null, Method.Name: nameof(Enumerable.ElementAt), Arguments: [var owner, var index] }:
                Append(owner, path, options, tokens);
                AppendIndex(index, path, key: null, tokens);
                break;
            default:
                throw new ArgumentException($"Found '{part}' in the path '{path}', expected members and indexes only.", nameof(path));
        }
    }

    private static string NameOf(MemberInfo member, Type owner, LambdaExpression path, JsonSerializerOptions options)
    {
        var properties = options.TryGetTypeInfo(owner, out var info) ? info.Properties : [];
        foreach (var property in properties)
        {
            if (property.AttributeProvider is MemberInfo { Name: var name } && name == member.Name && MemberPathCheck.IsInJson(property))
            {
                return property.Name;
            }
        }

        throw new ArgumentException($"Found '{owner.Name}.{member.Name}' in the path '{path}', which is not a member of its JSON.", nameof(path));
    }

    private static JsonTypeInfo? KeyOf(Type owner, JsonSerializerOptions options) =>
        options.TryGetTypeInfo(owner, out var info) && info is { Kind: JsonTypeInfoKind.Dictionary, KeyType: { } key } && options.TryGetTypeInfo(key, out var contract) ? contract : null;

    private static void AppendIndex(Expression index, LambdaExpression path, JsonTypeInfo? key, List<MemberToken> tokens)
    {
        tokens.Add(new MemberToken(ValueOf(index) switch
        {
            { } value when key is not null && NameOfKey(value, key) is { } name => name,
            int number when number >= 0 => number.ToString(CultureInfo.InvariantCulture),
            string name => name,
            int => throw new ArgumentException($"Found the index '{index}' in the path '{path}', expected a number from 0.", nameof(path)),
            _ => throw new ArgumentException($"Found the index '{index}' in the path '{path}', expected a number or a string, as a constant or a variable.", nameof(path)),
        }));
    }

    // The name that the serializer writes for a key. An expression has an enumeration as a number.
    private static string? NameOfKey(object value, JsonTypeInfo key)
    {
        var typed = key.Type.IsEnum && value is not Enum ? Enum.ToObject(key.Type, value) : value;
        if (!key.Type.IsInstanceOfType(typed))
        {
            return null;
        }

        var text = JsonSerializer.SerializeToElement(typed, key);
        return text.ValueKind switch
        {
            JsonValueKind.String => text.GetString(),
            JsonValueKind.Number => typed is Enum ? typed.ToString() : text.GetRawText(),
            JsonValueKind.True or JsonValueKind.False => text.GetRawText(),
            _ => null,
        };
    }

    // A variable is a field of an object that the compiler made.
    private static object? ValueOf(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        UnaryExpression { NodeType: ExpressionType.Convert } conversion => ValueOf(conversion.Operand),
        MemberExpression { Member: FieldInfo field, Expression: null } => field.GetValue(null),
        MemberExpression { Member: FieldInfo field, Expression: { } owner } when ValueOf(owner) is { } instance => field.GetValue(instance),
        _ => null,
    };
}
