using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Shows growing JSON that is already being read as a typed value, such as the arguments of a tool call (<see cref="ToolInputDelta.Input"/>).</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>
/// Use one reader for each growing value; only what is new since the last call is looked at then. Snapshots are thread-safe, and so is the reader. They are previews:
/// their <see cref="Partial{T}.IsComplete"/> is never set. For a tool call, act on <see cref="ToolCallCompleted.Arguments"/>.
/// </remarks>
public sealed class PartialReader<T>
{
    private readonly JsonTypeInfo<T> _typeInfo;
    private readonly PreviewBuilder _previews;
    private readonly StructuredPlace _root = new(StructuredRoot.Whole);
    private readonly TextLog _empty = new(0);

    /// <summary>Initializes a new instance of the <see cref="PartialReader{T}"/> class.</summary>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <param name="rules">What is shown when, which is copied; <see langword="null"/> for what the attributes of the type say.</param>
    /// <exception cref="ArgumentNullException"><paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A rule is about a member that no value of the type has in JSON.</exception>
    public PartialReader(JsonTypeInfo<T> jsonTypeInfo, PreviewRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        rules?.ThrowIfUnmatched(jsonTypeInfo);
        _typeInfo = jsonTypeInfo;
        _previews = new PreviewBuilder(PreviewContracts.Of(jsonTypeInfo.Options, rules?.Copy()), typeof(T));
    }

    /// <summary>Creates a typed snapshot.</summary>
    /// <param name="element">The value so far.</param>
    /// <returns>The snapshot. Its value is made when you ask for it.</returns>
    public Partial<T> Read(PartialJsonElement element) =>
        new(new PartialState<T>(_typeInfo, _previews, _root, element, new StructuredResponseMark(new StructuredResponseFacts(), _empty, _empty), [], Restarts: 0));
}
