namespace Streamline.Cli.Output;

/// <summary>Shows an answer while it streams.</summary>
internal abstract class AnswerView
{
    /// <summary>Gets a value indicating whether the output is for programs, so that nothing but events may be in it.</summary>
    public virtual bool IsForPrograms => false;

    /// <summary>Shows one stream, to its end or its failure.</summary>
    /// <param name="events">The events.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    public abstract Task ShowAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken);
}
