using System.Reflection;

namespace Streamline.Architecture.Tests;

/// <summary>An option that refuses a value says which option it is.</summary>
public sealed class OptionNameTests
{
    private static readonly object[] Values =
    [
        int.MinValue, -1, 0, int.MaxValue, long.MinValue, -1L, 0L, -1.0, double.NaN, 2.0, TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.MaxValue, "",
    ];

    [Fact]
    public void Options_RefusingAValue_NameThemselves()
    {
        Assembly[] assemblies = [typeof(StreamEvent).Assembly, typeof(ToolSet).Assembly, typeof(Streamline.Testing.ScriptedProvider).Assembly];
        var refused = assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.GetConstructor([]) is not null)
            .SelectMany(type => type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }).Select(property => (type, property)))
            .SelectMany(option => Refuse(option.type, option.property))
            .ToList();

        refused.Select(option => option.Option).Distinct().Should().HaveCountGreaterThan(80);
        refused.Where(option => !option.Option.EndsWith($".{option.Named}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static IEnumerable<(string Option, string? Named)> Refuse(Type type, PropertyInfo property)
    {
        var (option, underlying) = ($"{type.Name}.{property.Name}", Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        object?[] values = underlying.IsEnum ? [Enum.ToObject(underlying, 99)] : [.. Values.Where(value => value.GetType() == underlying), .. property.PropertyType.IsValueType ? Array.Empty<object?>() : [null]];
        foreach (var value in values)
        {
            ArgumentException? refusal = null;
            try
            {
                property.SetValue(Activator.CreateInstance(type), value);
            }
            catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException argument)
            {
                refusal = argument;
            }

            if (refusal is not null)
            {
                yield return (option, refusal.ParamName);
            }
        }
    }
}
