using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Makes functions of <see cref="AIFunctionFactory"/> give the elements of an <c>IAsyncEnumerable&lt;T&gt;</c> as they come.</summary>
public static class StreamedResultExtensions
{
    /// <summary>Makes a function return its stream as it is, in place of collecting all elements first.</summary>
    /// <param name="options">The options to make the function with; changed.</param>
    /// <returns>The same options.</returns>
    /// <remarks>
    /// The elements may be of any reference type, or <see cref="System.Text.Json.JsonElement"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/> or <see cref="bool"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    public static AIFunctionFactoryOptions StreamResults(this AIFunctionFactoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.MarshalResult = static (value, _, _) => ValueTask.FromResult(value);
        return options;
    }
}
