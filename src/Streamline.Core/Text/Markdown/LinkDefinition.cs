namespace Streamline.Text;

/// <summary>A link reference definition. Escapes and character references of the destination and the title are decoded.</summary>
internal readonly record struct LinkDefinition(string Label, string Destination, string? Title);
