namespace Streamline;

/// <summary>What was wrong with the bytes or the order of a stream.</summary>
public enum StreamProtocolError
{
    /// <summary>A payload is not well-formed JSON.</summary>
    InvalidJson,

    /// <summary>A payload ends before its JSON value is whole; as far as it goes, it is well-formed.</summary>
    TruncatedJson,

    /// <summary>A payload is well-formed, but a member that the protocol requires is missing or of another type.</summary>
    InvalidPayload,

    /// <summary>An event came where the protocol does not allow it, such as a delta of a block that was never opened.</summary>
    UnexpectedEvent,

    /// <summary>The response is not of the media type that the protocol uses.</summary>
    UnexpectedContentType,

    /// <summary>The bytes of the body cannot be divided into payloads.</summary>
    InvalidFrame,
}
