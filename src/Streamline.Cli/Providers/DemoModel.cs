using Streamline.Testing;

namespace Streamline.Cli.Providers;

/// <summary>A scripted model that answers offline. Its answers show what the tool can draw.</summary>
internal static class DemoModel
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>Makes the handler of an HTTP client.</summary>
    /// <param name="isPaced">Whether answers come at the pace of a model, for a person who watches.</param>
    public static HttpMessageHandler CreateHandler(bool isPaced) =>
        new ScriptedProvider(request => ScriptedReply.Text(Answer(request.LastUserText.Trim())) with { Delay = isPaced ? Pace : TimeSpan.Zero }).CreateHandler();

    private static string Answer(string question)
    {
        var quoted = question.ReplaceLineEndings(" ");
        quoted = quoted.Length > 200 ? quoted[..200] + "…" : quoted;
        return $$"""
            # A scripted answer

            You asked: *{{quoted.Replace("*", "\\*", StringComparison.Ordinal)}}* I am a script that works **offline**. Dr. Dupont is very happy with it! Slow networks are terrible.

            1. Text streams word by word.
            2. Markdown is drawn as it comes:
               - lists, `code` and [links](https://example.com)
               - quotes and tables

            > A stream that breaks is not an answer.

            | City  | Degrees |
            |-------|--------:|
            | Paris |       8 |
            | Lima  |      19 |

            ```csharp Greeter.cs
            // A file that --write can keep.
            public static class Greeter
            {
                public static string Greet(string name) => $"Hello, {name}!";
            }
            ```

            Goodbye.
            """;
    }
}
