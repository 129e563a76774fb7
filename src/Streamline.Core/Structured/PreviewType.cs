using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>How a value of one type is shown while its JSON text grows.</summary>
/// <param name="Form">What of it is shown early.</param>
/// <param name="Info">The contract of the type.</param>
internal sealed record PreviewType(PreviewForm Form, JsonTypeInfo Info)
{
    /// <summary>The members of an object; <see langword="null"/> for the other forms.</summary>
    public PreviewMembers? Members { get; init; }

    /// <summary>Makes the lists of a view; <see langword="null"/> for the other forms.</summary>
    public PreviewViews? Views { get; init; }

    /// <summary>The type of what is in a collection; <see langword="null"/> for the other forms.</summary>
    public Type? ElementType => Info.ElementType;
}

/// <summary>What of a value is shown while its JSON text grows.</summary>
internal enum PreviewForm
{
    /// <summary>Nothing before it is complete: numbers, booleans, enumerations, dates, collections that nothing can be added to, types with a converter of their own.</summary>
    Whole,

    /// <summary>The text so far.</summary>
    Text,

    /// <summary>The members so far.</summary>
    Object,

    /// <summary>The elements so far, in an array.</summary>
    Array,

    /// <summary>The elements so far, in a list.</summary>
    List,

    /// <summary>The elements so far, in a list that shares them with later ones.</summary>
    View,

    /// <summary>The entries so far.</summary>
    Dictionary,
}
