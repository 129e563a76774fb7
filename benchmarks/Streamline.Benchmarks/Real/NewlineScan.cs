namespace Streamline.Benchmarks.Real;

/// <summary>The floor: finds every newline of the body and does nothing with the lines.</summary>
internal sealed class NewlineScan : IStreamContender
{
    public static int Count(ReadOnlySpan<byte> body)
    {
        var lines = 0;
        while (body.IndexOf((byte)'\n') is var end and >= 0)
        {
            lines++;
            body = body[(end + 1)..];
        }

        return lines;
    }

    public Task<int> ReadAsync(byte[] body, int chunkSize) => Task.FromResult(Count(body));

    public void Dispose()
    {
    }
}
