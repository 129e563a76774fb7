namespace Streamline.Json;

/// <summary>An open container, and what the schema says of it. The places around it are a list that readings of the same text share.</summary>
/// <param name="parent">The container around it; <see langword="null"/> for the text, which counts as a list of its documents.</param>
/// <param name="shape">What the schema says of it.</param>
/// <param name="isObject">Whether it is an object.</param>
/// <param name="outerFirst">The hash of the first name in the container around it; 0 when there is none.</param>
/// <param name="isWrapper">Whether it is a list that was put around a single value, so that it ends after it.</param>
internal sealed class JsonShapePlace(JsonShapePlace? parent, JsonShape shape, bool isObject, ulong outerFirst, bool isWrapper = false)
{
    private JsonShapePlace? _lastEntered;

    public JsonShapePlace? Parent => parent;

    public JsonShape Shape => shape;

    public bool IsObject => isObject;

    public ulong OuterFirst => outerFirst;

    public bool IsWrapper => isWrapper;

    /// <summary>Whether it, or a container around it, is a wrapper.</summary>
    public bool IsInWrapper { get; } = isWrapper || parent is { IsInWrapper: true };

    /// <summary>The place in a container that begins here. Mostly it is like the one before, as in a list of objects.</summary>
    public JsonShapePlace Enter(JsonShape entered, bool asObject, ulong first)
    {
        if (_lastEntered is not { } last || last.Shape != entered || last.IsObject != asObject || last.OuterFirst != first)
        {
            _lastEntered = last = new JsonShapePlace(this, entered, asObject, first);
        }

        return last;
    }

    public static bool AreSame(JsonShapePlace? left, JsonShapePlace? right)
    {
        while (left != right)
        {
            if (left is null || right is null || left.Shape != right.Shape || left.IsObject != right.IsObject || left.OuterFirst != right.OuterFirst || left.IsWrapper != right.IsWrapper)
            {
                return false;
            }

            (left, right) = (left.Parent, right.Parent);
        }

        return true;
    }
}
