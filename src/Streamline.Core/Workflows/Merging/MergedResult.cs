using Microsoft.Extensions.AI;

namespace Streamline.Workflows;

/// <summary>How one of several streams ended.</summary>
/// <typeparam name="TInput">The type of the inputs.</typeparam>
public sealed class MergedResult<TInput>
{
    internal MergedResult(int index, TInput input, ChatResponse response, Exception? failure) =>
        (Index, Input, Response, Failure) = (index, input, response, failure);

    /// <summary>Gets the place of the input among all inputs, from 0.</summary>
    public int Index { get; }

    /// <summary>Gets the input.</summary>
    public TInput Input { get; }

    /// <summary>Gets the answer; of a stream that failed, what had arrived of it. Its messages can be sent back.</summary>
    public ChatResponse Response { get; }

    /// <summary>Gets why the stream failed; <see langword="null"/> when it did not.</summary>
    public Exception? Failure { get; }
}
