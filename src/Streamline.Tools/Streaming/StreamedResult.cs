using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Reads the result of a tool that gives its elements one after another: each becomes progress, the last or all of them the result.</summary>
internal static class StreamedResult
{
    /// <summary>Whether a result is a stream that has to be read.</summary>
    public static bool IsStream(object? value) => AsElements(value, CancellationToken.None) is not null;

    /// <summary>Reads a result to its end.</summary>
    /// <returns>The value itself when it is not a stream; otherwise the last element or an array of all.</returns>
    /// <exception cref="StreamLimitException">An element, or all of them together, are larger than <paramref name="maxBytes"/>.</exception>
    public static async ValueTask<object?> ReadAsync(object? value, RunnableTool tool, ToolCallContext context, int maxBytes, CancellationToken cancellationToken)
    {
        if (AsElements(value, cancellationToken) is not { } elements)
        {
            return value;
        }

        var keepsAll = tool.Options.StreamedResult == ToolStreamedResult.All;
        object? last = null;
        List<JsonElement> all = [];
        long bytes = 1; // the brackets, and a comma after each element except the last
        await foreach (var element in elements.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var outcome = ToolJson.ToOutcome(element, tool.Function, maxBytes);
            context.Report(outcome.Result);
            last = element;
            if (!keepsAll)
            {
                continue;
            }

            bytes += System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(outcome.Result).Length + 1;
            if (bytes > maxBytes)
            {
                throw new StreamLimitException(nameof(ToolLoopOptions.MaxResultBytes), maxBytes, bytes);
            }

            all.Add(outcome.Result);
        }

        return keepsAll ? ToolJson.ToArray(all) : last;
    }

    // A stream of a reference type is a stream of objects. Those of value types have to be named, because nothing may depend on reflection.
    private static IAsyncEnumerable<object?>? AsElements(object? value, CancellationToken cancellationToken) => value switch
    {
        IAsyncEnumerable<object?> elements => elements,
        IAsyncEnumerable<JsonElement> elements => Box(elements, cancellationToken),
        IAsyncEnumerable<int> elements => Box(elements, cancellationToken),
        IAsyncEnumerable<long> elements => Box(elements, cancellationToken),
        IAsyncEnumerable<double> elements => Box(elements, cancellationToken),
        IAsyncEnumerable<decimal> elements => Box(elements, cancellationToken),
        IAsyncEnumerable<bool> elements => Box(elements, cancellationToken),
        _ => null,
    };

    private static async IAsyncEnumerable<object?> Box<T>(IAsyncEnumerable<T> elements, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var element in elements.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return element;
        }
    }
}
