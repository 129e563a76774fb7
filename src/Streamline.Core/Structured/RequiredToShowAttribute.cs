namespace Streamline.Structured;

/// <summary>Marks a member that must be available before a <see cref="Partial{T}"/> shows the object that contains it.</summary>
/// <remarks>
/// Together with <see cref="ShowWhenCompleteAttribute"/>: before the member is complete. An element of a list whose required members are missing is left out of the
/// list, and any other object is <see langword="null"/>. On the parameter of a record, it counts for the property.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class RequiredToShowAttribute : Attribute;
