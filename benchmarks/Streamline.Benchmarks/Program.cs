using System.Globalization;
using BenchmarkDotNet.Running;
using Streamline.Benchmarks;
using Streamline.Benchmarks.Compare;
using Streamline.Benchmarks.Json;
using Streamline.Benchmarks.Pipeline;
using Streamline.Benchmarks.Real;
using Streamline.Benchmarks.Resilience;
using Streamline.Benchmarks.Text;

if (args is ["payloads", var folder])
{
    Payloads.WriteTo(folder);
    return;
}

if (args is ["compare", ..])
{
    await CompareMode.RunAsync(args.Length > 1 ? args[1] : Path.Combine("artifacts", "compare"));
    return;
}

if (args is ["real", ..])
{
    await RealMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : RealMode.DefaultRounds);
    return;
}

if (args is ["tools", ..])
{
    await ToolLoopMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : ToolLoopMode.DefaultRounds);
    return;
}

if (args is ["hostile", ..])
{
    HostileMode.Run(
        args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : HostileMode.DefaultShown,
        args.Length > 2 ? args[2] : "",
        args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : HostileMode.DefaultKilobytes,
        Console.Out);
    return;
}

if (args is ["json-modes", ..])
{
    JsonModesMode.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : JsonModesMode.DefaultRounds, Console.Out);
    return;
}

if (args is ["resilience", ..])
{
    await ResilienceMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : ResilienceMode.DefaultRounds, Console.Out);
    return;
}

if (args is ["idle", ..])
{
    await IdleMode.RunAsync();
    return;
}

if (args is ["session", ..])
{
    await SessionMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : SessionMode.DefaultRounds);
    return;
}

if (args is ["text", ..])
{
    await TextMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : TextMode.DefaultRounds);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
