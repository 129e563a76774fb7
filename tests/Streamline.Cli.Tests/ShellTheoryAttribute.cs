namespace Streamline.Cli.Tests;

/// <summary>A test with several cases that needs bash.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "There is no bash on this machine.";
        }
    }
}
