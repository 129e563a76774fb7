namespace Streamline.Workflows;

/// <summary>An event of one of several streams, or the end of that stream.</summary>
/// <typeparam name="TInput">The type of the inputs.</typeparam>
/// <param name="Index">The place of the input among all inputs, from 0.</param>
/// <param name="Input">The input.</param>
/// <param name="Event">The event; <see langword="null"/> at the end of the stream.</param>
/// <param name="Result">How the stream ended. Each stream has exactly one, after its last event, also when it failed. <see langword="null"/> before.</param>
public readonly record struct MergedEvent<TInput>(int Index, TInput Input, StreamEvent? Event, MergedResult<TInput>? Result);
