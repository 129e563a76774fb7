namespace Streamline.Benchmarks.Real;

/// <summary>One way to read a stream. It looks at every piece of text, reasoning and tool input, and returns how many characters they have.</summary>
internal interface IStreamContender : IDisposable
{
    /// <summary>Reads a body that arrives in chunks of a size.</summary>
    Task<int> ReadAsync(byte[] body, int chunkSize);
}
