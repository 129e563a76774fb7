namespace Streamline;

/// <summary>
/// An error that a tool reports to the model in words that are meant for it: <c>throw new ToolErrorException("There is no city named 'Pariz'. Did you mean 'Paris'?")</c>.
/// </summary>
/// <remarks>The message of any other exception is kept from the model, unless <see cref="ToolLoopOptions.IncludeExceptionDetails"/> is set.</remarks>
public sealed class ToolErrorException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ToolErrorException"/> class.</summary>
    /// <param name="message">What the model is told.</param>
    /// <param name="innerException">The cause, which the model is not told; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException"><paramref name="message"/> is <see langword="null"/> or empty.</exception>
    public ToolErrorException(string message, Exception? innerException = null)
        : base(message, innerException) => ArgumentException.ThrowIfNullOrEmpty(message);
}
