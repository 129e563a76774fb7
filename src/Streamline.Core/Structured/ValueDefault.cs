using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Streamline.Structured;

/// <summary>The value that a value type has when nothing was put into it.</summary>
internal static class ValueDefault
{
    /// <summary>Makes it.</summary>
    /// <param name="type">A value type, which is not nullable.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2067:DynamicallyAccessedMembers", Justification = "No constructor of a value type is called.")]
    public static object Of(Type type) => RuntimeHelpers.GetUninitializedObject(type);
}
