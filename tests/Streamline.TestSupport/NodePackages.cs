namespace Streamline.TestSupport;

/// <summary>npm packages that tests run under node. They are no part of the repository: <c>npm install</c> in their folder brings them.</summary>
public static class NodePackages
{
    /// <summary>The program; <see langword="null"/> where it is not on the path.</summary>
    public static string? Node { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node"))
        .FirstOrDefault(File.Exists);

    /// <summary>Why tests that need the packages of a folder cannot run here; <see langword="null"/> when they can.</summary>
    /// <param name="folder">The folder, relative to the repository, that holds <c>package.json</c>.</param>
    public static string? SkipReason(string folder)
    {
        if (Node is null)
        {
            return "There is no node on the path of this machine.";
        }

        return Directory.Exists(Repository.Combine([.. folder.Split('/'), "node_modules"]))
            ? null
            : $"The npm packages are not installed; run 'npm install' in {folder}.";
    }
}
