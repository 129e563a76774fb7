namespace Streamline.Tools.Tests.Files;

/// <summary>Gives the code blocks of a text to a writer, as they arrive.</summary>
internal static class CodeBlocks
{
    public static async Task WriteAsync(CodeFileWriter writer, string text, int size = 16)
    {
        await foreach (var codeEvent in Pieces(text, size).ReadCodeBlocksAsync())
        {
            await writer.WriteAsync(codeEvent);
        }
    }

    public static async IAsyncEnumerable<string> Pieces(string text, int size)
    {
        foreach (var piece in text.Chunk(size))
        {
            yield return new string(piece);
        }

        await Task.CompletedTask;
    }
}
