namespace Streamline.Protocols.Shared;

/// <summary>What a payload holds that fits a <see cref="DeltaTemplate"/>.</summary>
internal ref struct TemplateMatch
{
    /// <summary>Where the delta's text stands.</summary>
    public JsonSlice Text;

    /// <summary>The number of the event; <see langword="null"/> where the shape has none.</summary>
    public long? Counter;

    /// <summary>The JSON text of the token counts; empty where the shape has none, or they are as they were in the payload before.</summary>
    public ReadOnlySpan<byte> Usage;
}
