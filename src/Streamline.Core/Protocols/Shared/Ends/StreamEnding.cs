namespace Streamline.Protocols.Shared;

/// <summary>How the bytes of a stream came to their end.</summary>
internal enum StreamEnding
{
    /// <summary>The terminal event of the protocol.</summary>
    Terminal,

    /// <summary>The text <c>[DONE]</c>, which also servers of protocols send that have a terminal event of their own.</summary>
    Done,

    /// <summary>The proper end of the body.</summary>
    Body,

    /// <summary>A broken connection.</summary>
    Break,
}
