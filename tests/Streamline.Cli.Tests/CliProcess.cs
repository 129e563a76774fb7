using System.Diagnostics;

namespace Streamline.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
internal static class CliProcess
{
    public static string Assembly { get; } = typeof(CliApp).Assembly.Location;

    /// <summary>Makes a folder in which <c>streamline</c> is a command.</summary>
    public static void Install(string folder)
    {
        var command = Path.Combine(folder, "streamline");
        File.WriteAllText(command, $"#!/bin/sh\nexec dotnet exec '{Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public static Process Start(string file, IEnumerable<string> args, string folder, string? path = null)
    {
        var start = new ProcessStartInfo(file, args) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null)
        {
            start.Environment["PATH"] = path + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        }

        foreach (var provider in Providers.KnownProvider.All)
        {
            start.Environment.Remove(provider.KeyVariable ?? "none");
        }

        start.Environment.Remove("STREAMLINE_MODEL");
        return Process.Start(start)!;
    }

    public static Process WithoutInput(this Process process)
    {
        process.StandardInput.Close();
        return process;
    }
}
