namespace Streamline.Json;

/// <summary>What contains the string that is being read, and so what ends it.</summary>
internal enum JsonQuotes : byte
{
    /// <summary>The quotes of JSON.</summary>
    Double,

    /// <summary>Apostrophes.</summary>
    Single,

    /// <summary>Single typographic quotes or backticks: ended by any of them, or by an apostrophe.</summary>
    SingleTypographic,

    /// <summary>Double typographic quotes: ended by any of them, or by a quote of JSON.</summary>
    DoubleTypographic,

    /// <summary>Nothing: ended by what follows a value.</summary>
    None,

    /// <summary>Three quotes of JSON, as in Python.</summary>
    TripleDouble,

    /// <summary>Three apostrophes, as in Python.</summary>
    TripleSingle,
}
