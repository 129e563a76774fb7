namespace Streamline.Protocols.Shared;

/// <summary>What may stand in a <see cref="TemplateHole"/>.</summary>
internal enum TemplateHoleKind
{
    /// <summary>The string that is the delta's text.</summary>
    Text,

    /// <summary>A string with the same bytes as the delta's text: some servers send it twice.</summary>
    Repeat,

    /// <summary>Any string: noise such as padding or a timestamp.</summary>
    String,

    /// <summary>Any number.</summary>
    Number,

    /// <summary>A whole number that the decoder wants to know, such as the number of the event.</summary>
    Counter,
}
