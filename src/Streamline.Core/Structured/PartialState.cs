using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>What a <see cref="Partial{T}"/> is made of.</summary>
/// <param name="TypeInfo">The type of the value.</param>
/// <param name="Previews">Makes the value while it grows.</param>
/// <param name="Root">Finds the value in the document.</param>
/// <param name="Document">The document so far.</param>
/// <param name="Mark">What was known of the response.</param>
/// <param name="Repairs">What was repaired so far.</param>
/// <param name="Restarts">How often the answer has started over.</param>
/// <param name="Value">The whole value, read strictly; <see langword="null"/> before it is complete.</param>
internal readonly record struct PartialState<T>(
    JsonTypeInfo<T> TypeInfo,
    PreviewBuilder Previews,
    StructuredPlace Root,
    PartialJsonElement Document,
    StructuredResponseMark Mark,
    IReadOnlyList<PartialJsonRepair> Repairs,
    int Restarts,
    StrongBox<T?>? Value = null);
