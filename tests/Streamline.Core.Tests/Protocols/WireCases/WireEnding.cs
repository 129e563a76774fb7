namespace Streamline.Tests.Protocols.WireCases;

/// <summary>How the body of a response ends.</summary>
internal enum WireEnding
{
    /// <summary>The transport says that the body is complete.</summary>
    Proper,

    /// <summary>The server closes the connection; the body is complete unless a length was announced and not reached.</summary>
    CloseAfterLength,

    /// <summary>The connection is closed before the last chunk of the chunked coding.</summary>
    CutChunked,

    /// <summary>The connection is reset.</summary>
    Reset,
}
