namespace Streamline.Tools;

/// <summary>One thing that is wrong with arguments, and where: a path such as <c>items[0].name</c>, empty for the arguments as a whole.</summary>
internal readonly record struct ArgumentProblem(string Path, string Text)
{
    /// <summary>The same problem, seen from the value that holds the one that it is of.</summary>
    /// <param name="place">The name of the member, or the index in brackets.</param>
    public ArgumentProblem In(string place) => this with { Path = Path.Length == 0 || Path[0] == '[' ? place + Path : $"{place}.{Path}" };

    public override string ToString() => Path.Length == 0 ? Text : $"'{Path}': {Text}";
}
