namespace Streamline.Cli.Tests;

/// <summary>A test that needs bash.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "There is no bash on this machine.";
        }
    }
}
