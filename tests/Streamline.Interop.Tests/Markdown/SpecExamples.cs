using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Markdown;

/// <summary>The examples of the CommonMark specification 0.31.2, from the npm package <c>commonmark-spec</c>.</summary>
internal static class SpecExamples
{
    public const string Folder = "tests/Streamline.Interop.Tests/node";

    private const string Fence = "````````````````````````````````";

    /// <summary>Why the examples cannot be read here; <see langword="null"/> when they can.</summary>
    public static string? SkipReason => File.Exists(SpecFile) ? null : $"The npm packages are not installed; run 'npm install' in {Folder}.";

    /// <summary>The Markdown of each example, in order.</summary>
    public static IReadOnlyList<string> All { get; } = SkipReason is null ? Read() : [];

    private static string SpecFile => Repository.Combine([.. Folder.Split('/'), "node_modules", "commonmark-spec", "spec.txt"]);

    private static List<string> Read()
    {
        List<string> examples = [];
        List<string>? example = null;
        foreach (var line in File.ReadLines(SpecFile))
        {
            if (example is null)
            {
                example = line == Fence + " example" ? [] : null;
            }
            else if (line == "." || line == Fence)
            {
                if (line == ".")
                {
                    examples.Add(string.Concat(example.Select(text => text.Replace('→', '\t') + "\n")));
                    example.Add(line);
                }
                else
                {
                    example = null;
                }
            }
            else if (example.Count == 0 || example[^1] != ".")
            {
                example.Add(line);
            }
        }

        return examples;
    }
}
