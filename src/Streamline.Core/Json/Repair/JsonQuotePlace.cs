namespace Streamline.Json;

/// <summary>Where a string stands.</summary>
internal enum JsonQuotePlace
{
    /// <summary>It is the root value.</summary>
    Root,

    /// <summary>It is the name of a property.</summary>
    Name,

    /// <summary>It is the value of a property.</summary>
    Member,

    /// <summary>It is an element of an array.</summary>
    Element,
}
