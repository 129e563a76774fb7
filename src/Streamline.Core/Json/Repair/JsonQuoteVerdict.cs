namespace Streamline.Json;

/// <summary>What a quote in a string turned out to be.</summary>
internal enum JsonQuoteVerdict
{
    /// <summary>More has to come.</summary>
    Undecided,

    /// <summary>It ends the string.</summary>
    Ends,

    /// <summary>It belongs to the string and should have been escaped.</summary>
    Inner,

    /// <summary>It opens the next string; the quote that ends this one is missing, and stood before the comma or newline in front.</summary>
    Opens,
}
