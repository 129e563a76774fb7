namespace Streamline.TestSupport;

/// <summary>
/// Recorded streams and conformance cases that are not part of the repository. The environment variable
/// <c>STREAMLINE_CORPORA</c> names their folder; the default is <c>../shared/corpora</c> beside the repository.
/// </summary>
public static class Corpora
{
    public const string Variable = "STREAMLINE_CORPORA";

    public static string Root { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "corpora"));

    public static string Folder(params string[] parts) => Path.Combine([Root, .. parts]);

    public static bool Has(string name) => Directory.Exists(Folder(name));

    /// <summary>Files of a corpus folder in a fixed order, relative to <see cref="Root"/>; empty when the folder is missing.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*")
    {
        var path = Folder(folder.Split('/'));
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
            : [];
    }

    public static byte[] ReadBytes(string relativePath) => File.ReadAllBytes(Folder(relativePath.Split('/')));

    public static string SkipReason(string name) =>
        $"The corpus '{name}' is not on this machine; set {Variable} to the folder that holds it.";
}
