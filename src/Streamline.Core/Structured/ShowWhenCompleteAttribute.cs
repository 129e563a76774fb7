namespace Streamline.Structured;

/// <summary>Marks a member or a type whose values a <see cref="Partial{T}"/> shows only when they are complete.</summary>
/// <remarks>For identifiers, file names, code that is to be run: what makes no sense in part. On the parameter of a record, it counts for the property.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ShowWhenCompleteAttribute : Attribute;
