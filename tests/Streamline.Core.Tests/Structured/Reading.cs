using System.Text.Json.Serialization.Metadata;

namespace Streamline.Tests.Structured;

/// <summary>Reads answers to their end, on the thread of the test.</summary>
internal static class Reading
{
    /// <summary>All snapshots of a whole answer.</summary>
    public static async Task<List<Partial<T>>> ReadAsync<T>(string text, JsonTypeInfo<T> typeInfo, int size = 1, StructuredOutputOptions? options = null) =>
        await new SynchronousClient(Answers.Text(text, size)).StreamObjectAsync("?", typeInfo, options).ToListAsync();

    /// <summary>The snapshots of an answer that is not a value, and the fault at its end.</summary>
    public static async Task<(List<Partial<T>> Partials, StructuredOutputException Fault)> FailAsync<T>(
        IReadOnlyList<StreamEvent> events, JsonTypeInfo<T> typeInfo, StructuredOutputOptions? options = null)
    {
        var partials = new List<Partial<T>>();
        var reading = async () =>
        {
            await foreach (var partial in new SynchronousClient(events).StreamObjectAsync("?", typeInfo, options))
            {
                partials.Add(partial);
            }
        };
        return (partials, (await reading.Should().ThrowAsync<StructuredOutputException>()).Which);
    }
}
