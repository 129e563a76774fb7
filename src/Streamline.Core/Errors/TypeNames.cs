namespace Streamline;

/// <summary>The names of types in messages. A type of this library that an application cannot name is called by the public one that it derives from.</summary>
internal static class TypeNames
{
    public static string Of(object value)
    {
        var type = value.GetType();
        while (!type.IsVisible && type.Assembly == typeof(TypeNames).Assembly && type.BaseType is { } derivedFrom)
        {
            type = derivedFrom;
        }

        return type.Name;
    }
}
