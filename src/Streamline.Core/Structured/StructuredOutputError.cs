namespace Streamline.Structured;

/// <summary>Why an answer is not the value that was asked for.</summary>
public enum StructuredOutputError
{
    /// <summary>The answer is not JSON, or it ends before its JSON value is whole although the model says that it is done.</summary>
    InvalidJson,

    /// <summary>The answer is JSON, but not of the type: a member is missing, of another kind, or refused by the type.</summary>
    InvalidValue,

    /// <summary>A limit on the length of the answer cut it.</summary>
    Truncated,

    /// <summary>The model or a filter declined to answer.</summary>
    Refused,
}
