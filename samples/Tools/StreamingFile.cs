using System.Text.Json;
using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>A file that is written while the model writes it, and changes in one step at the end.</summary>
internal static class StreamingFile
{
    public static async Task RunAsync(TextWriter output)
    {
        var root = Directory.CreateTempSubdirectory("streamline-").FullName;

        // begin: file-writer
        var writer = new FileWriterTool(new FileWriterToolOptions
        {
            Root = root,
            Validate = async (target, file, cancellationToken) =>
            {
                try
                {
                    using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellationToken));
                }
                catch (JsonException exception)
                {
                    throw new ToolErrorException($"{Path.GetFileName(target)} would not be valid JSON: {exception.Message}", exception);
                }
            },
        });
        var tools = new ToolSet().Add(writer, tool => tool.Locks = writer.LockTarget);
        // end: file-writer

        var client = Examples.Model(
                Examples.Call("write_file", """{"path":"a.json","content":"{\"a\":1"}"""),
                Examples.Call("write_file", """{"path":"a.json","content":"{\"a\":1}"}"""),
                ScriptedReply.Text("Done."))
            .UseTools(tools).Build();
        await foreach (var streamEvent in client.StreamAsync("Write."))
        {
            if (streamEvent is ToolResult result)
            {
                await output.WriteLineAsync(result.IsError ? $"refused; {Directory.GetFiles(root).Length} files" : $"{await File.ReadAllTextAsync(Path.Combine(root, "a.json"))}");
            }
        }

        Directory.Delete(root, recursive: true);
    }
}
