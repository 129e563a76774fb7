namespace Streamline.Chaos;

/// <summary>How a conversation or a cut answer ended. Of several, the last here counts.</summary>
internal enum ChaosOutcome
{
    /// <summary>Nothing went wrong.</summary>
    Exact,

    /// <summary>An attempt failed or another client was asked before any content was shown.</summary>
    Unseen,

    /// <summary>The provider sent the rest of a response that it kept.</summary>
    Resumed,

    /// <summary>The model continued its own message.</summary>
    Prefilled,

    /// <summary>The model was asked in words to continue, and the seam was certain.</summary>
    Stitched,

    /// <summary>The same, and the seam was announced as unsure.</summary>
    Unsure,

    /// <summary>What was shown was discarded, which was announced.</summary>
    Restarted,

    /// <summary>The stream failed with an exception of a documented type.</summary>
    Failed,

    /// <summary>The consumer stopped reading or cancelled.</summary>
    Left,

    /// <summary>
    /// Something is missing, and nothing said so, because the model did not repeat its last words as it was asked to, and the answer itself repeats them: nobody can tell the two apart.
    /// </summary>
    Misled,

    /// <summary>Something is missing or doubled, and nothing said so.</summary>
    Wrong,
}
