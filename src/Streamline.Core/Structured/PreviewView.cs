using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Streamline.Structured;

/// <summary>Makes the lists that share their elements with later ones.</summary>
internal abstract class PreviewViews
{
    /// <summary>Finds the maker of lists of a type.</summary>
    /// <param name="listType">The declared type.</param>
    /// <param name="elementType">The type of an element.</param>
    /// <returns><see langword="null"/> when the type is not an interface of lists, or the code for it cannot be made here.</returns>
    public static PreviewViews? For(Type listType, Type elementType)
    {
        if (!listType.IsInterface || !listType.IsGenericType)
        {
            return null;
        }

        var definition = listType.GetGenericTypeDefinition();
        return definition == typeof(IReadOnlyList<>) || definition == typeof(IEnumerable<>) || definition == typeof(IReadOnlyCollection<>)
            || definition == typeof(IList<>) || definition == typeof(ICollection<>)
            ? Make(elementType)
            : null;
    }

    /// <summary>Makes a list that never changes.</summary>
    /// <param name="items">The elements, followed by room that others may fill.</param>
    /// <param name="count">How many elements there are.</param>
    /// <param name="isGrowing">Whether one more follows them.</param>
    /// <param name="growing">That element.</param>
    public abstract object Create(object?[] items, int count, bool isGrowing, object? growing);

    [UnconditionalSuppressMessage("AOT", "IL3050:RequiresDynamicCode", Justification = "Reference types share the code of Views<string>, which is there; value types are left out where code cannot be made.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055:MakeGenericType", Justification = "The type parameter has no requirements.")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(Views<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(Views<string>))]
    private static PreviewViews? Make(Type elementType)
    {
        if (elementType == typeof(string))
        {
            return new Views<string>();
        }

        if (elementType.IsValueType && !System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported)
        {
            return null;
        }

        try
        {
            return (PreviewViews?)Activator.CreateInstance(typeof(Views<>).MakeGenericType(elementType));
        }
        catch (Exception exception) when (exception is NotSupportedException or MissingMethodException)
        {
            return null;
        }
    }

    private sealed class Views<T> : PreviewViews
    {
        public override object Create(object?[] items, int count, bool isGrowing, object? growing) => new PreviewView<T>(items, count, isGrowing, growing);
    }
}

/// <summary>A list that shares its elements with later ones, and never changes.</summary>
internal sealed class PreviewView<T>(object?[] items, int count, bool isGrowing, object? growing) : IList<T>, IReadOnlyList<T>
{
    public int Count => count + (isGrowing ? 1 : 0);

    public bool IsReadOnly => true;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return (T)(index < count ? items[index] : growing)!;
        }

        set => throw ReadOnly();
    }

    public int IndexOf(T item)
    {
        for (var index = 0; index < Count; index++)
        {
            if (EqualityComparer<T>.Default.Equals(this[index], item))
            {
                return index;
            }
        }

        return -1;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    public void CopyTo(T[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(arrayIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arrayIndex, array.Length - Count);
        for (var index = 0; index < Count; index++)
        {
            array[arrayIndex + index] = this[index];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(T item) => throw ReadOnly();

    public void Insert(int index, T item) => throw ReadOnly();

    public void RemoveAt(int index) => throw ReadOnly();

    public bool Remove(T item) => throw ReadOnly();

    public void Clear() => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("A preview is read-only.");
}
