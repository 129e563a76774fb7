namespace Streamline.Json;

/// <summary>Which of several JSON documents in one text a repairing <see cref="PartialJsonDocument"/> shows.</summary>
public enum PartialJsonDocuments
{
    /// <summary>The first one, as it grows. What follows it is skipped and reported.</summary>
    First,

    /// <summary>The last one. Since it is known to be the last only at the end of the text, nothing is shown before that is declared.</summary>
    Last,

    /// <summary>All of them, as the elements of an array that grows; also when there is only one, because what comes after it is not known.</summary>
    All,
}
