namespace Streamline.Protocols.Shared;

/// <summary>A value that differs from one payload of a shape to the next.</summary>
/// <param name="Kind">What may stand there.</param>
/// <param name="Place">Where it stands in the remembered payload; of a string, between its quotes.</param>
internal readonly record struct TemplateHole(TemplateHoleKind Kind, JsonSlice Place);
