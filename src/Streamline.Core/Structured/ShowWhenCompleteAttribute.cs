namespace Streamline;

/// <summary>Says of a member, or of every value of a type, that a <see cref="Partial{T}"/> shows it only when it is complete, not while it grows.</summary>
/// <remarks>For identifiers, file names, code that is to be run: what makes no sense in part. On the parameter of a record, it counts for the property.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ShowWhenCompleteAttribute : Attribute;
