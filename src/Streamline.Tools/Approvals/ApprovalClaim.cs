namespace Streamline.Tools;

/// <summary>What became of a request for approval.</summary>
internal enum ApprovalClaim
{
    /// <summary>It was approved, and its tool may have run.</summary>
    Approved,

    /// <summary>It was denied.</summary>
    Denied,

    /// <summary>An answer was claimed, but the stream failed before anything came of it.</summary>
    Released,
}
