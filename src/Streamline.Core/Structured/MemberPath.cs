using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Streamline.Structured;

/// <summary>Turns a typed path, such as <c>plan => plan.Steps[0].Title</c>, into a JSON Pointer. Nothing is compiled.</summary>
internal static class MemberPath
{
    /// <summary>Makes the pointer.</summary>
    /// <param name="path">The path: members and indexes from the parameter on.</param>
    /// <param name="options">The context that knows the names of members in JSON.</param>
    /// <exception cref="ArgumentException">The path has another part, or a member that JSON does not have.</exception>
    public static string ToPointer(LambdaExpression path, JsonSerializerOptions options)
    {
        var pointer = new StringBuilder();
        Append(path.Body, path, options, pointer);
        return pointer.ToString();
    }

    /// <summary>Writes a name as a part of a pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static void Append(Expression part, LambdaExpression path, JsonSerializerOptions options, StringBuilder pointer)
    {
        switch (part)
        {
            case ParameterExpression:
                break;
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } conversion:
                Append(conversion.Operand, path, options, pointer);
                break;
            case MemberExpression { Expression: { } owner, Member.Name: "Value" } when Nullable.GetUnderlyingType(owner.Type) is not null:
                Append(owner, path, options, pointer);
                break;
            case MemberExpression { Expression: { } owner } member:
                Append(owner, path, options, pointer);
                pointer.Append('/').Append(Escape(NameOf(member.Member, owner.Type, path, options)));
                break;
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } index:
                Append(index.Left, path, options, pointer);
                AppendIndex(index.Right, path, pointer);
                break;
            case MethodCallExpression { Object: { } owner, Method.Name: "get_Item", Arguments: [var index] }:
                Append(owner, path, options, pointer);
                AppendIndex(index, path, pointer);
                break;
            case MethodCallExpression { Object: null, Method.Name: nameof(Enumerable.ElementAt), Arguments: [var owner, var index] }:
                Append(owner, path, options, pointer);
                AppendIndex(index, path, pointer);
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
            if (property.AttributeProvider is MemberInfo { Name: var name } && name == member.Name && !property.IsExtensionData)
            {
                return property.Name;
            }
        }

        throw new ArgumentException($"Found '{owner.Name}.{member.Name}' in the path '{path}', which is not a member of its JSON.", nameof(path));
    }

    private static void AppendIndex(Expression index, LambdaExpression path, StringBuilder pointer)
    {
        pointer.Append('/').Append(ValueOf(index) switch
        {
            int number and >= 0 => number.ToString(CultureInfo.InvariantCulture),
            string name => Escape(name),
            _ => throw new ArgumentException($"Found the index '{index}' in the path '{path}', expected a number from 0 or a string, as a constant or a variable.", nameof(path)),
        });
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
