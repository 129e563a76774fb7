using CodeGenSample;
using Streamline;
using Streamline.Testing;
using Streamline.Text;

// A scripted model writes two files: at first with a mistake, then, told what is wrong, without it.
const string Wrong = """
    Here is the service.

    ```cs Greeter.cs
    public static class Greeter
    {
        public static string Greet(string name) => "Hello, " + name
        public static string Part(string name) => $"Goodbye, {name}";
    }
    ```

    ```json settings.json
    { "name": "World", "times": 3 }
    ```
    """;

using var http = new HttpClient(new ScriptedProvider(
    ScriptedReply.Text(Wrong) with { Faults = new FaultPlan { ChunkSize = 200, ChunkDelay = TimeSpan.FromMilliseconds(20) } }, // at the pace of a model
    ScriptedReply.Text(Wrong.Replace("+ name", "+ name;", StringComparison.Ordinal))).CreateHandler());
var client = StreamProtocols.Anthropic.CreateClient(http, "none", "any");
var root = Directory.CreateTempSubdirectory("streamline-").FullName;

var prompt = "Write a greeter in C#, and its settings.";
for (var attempt = 1; attempt <= 2; attempt++)
{
    Console.WriteLine($"Attempt {attempt}:");

    // begin: write-files
    await using var writer = new CodeFileWriter(new CodeFileWriterOptions { Root = root, Validate = CSharpCode.ValidateAsync });
    await foreach (var e in client.StreamAsync(prompt).ReadCodeBlocksAsync().WithDiagnosticsAsync(CSharpCode.CheckAsync))
    {
        await writer.WriteAsync(e); // to a temporary file beside the target
        switch (e)
        {
            case CodeBlockStarted block: Console.WriteLine($"  writing {block.Info.FileName}"); break;
            case CodeDiagnosticsFound { Diagnostics: [var first, ..] } found: Console.WriteLine($"  {(found.IsFinal ? "in the end" : "so far")}: {first}"); break;
            case CodeBlockEnded { IsComplete: false } block: Console.WriteLine($"  block {block.Id} is cut"); break;
        }
    }

    try
    {
        var files = await writer.CommitAsync(); // both files, or none
        Console.WriteLine($"  committed {string.Join(", ", files.Select(file => file.Name))}");
    }
    catch (CodeFileException refusal)
    {
        Console.WriteLine($"  refused: {refusal.Message}");
        prompt = $"That does not compile: {refusal.Message}";
    }
    // end: write-files

    Console.WriteLine($"  files: {string.Join(", ", Directory.GetFiles(root).Select(Path.GetFileName).Order(StringComparer.Ordinal))}");
}

Directory.Delete(root, recursive: true);
