namespace Streamline.Tools;

/// <summary>One thing that is wrong with arguments, and where: a path such as <c>items[0].name</c>, empty for the arguments as a whole.</summary>
internal readonly record struct ArgumentProblem(string Path, string Text)
{
    public override string ToString() => Path.Length == 0 ? Text : $"'{Path}': {Text}";
}
