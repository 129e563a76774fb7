using System.Globalization;
using BenchmarkDotNet.Running;
using Streamline.Benchmarks;
using Streamline.Benchmarks.Real;

if (args is ["payloads", var folder])
{
    Payloads.WriteTo(folder);
    return;
}

if (args is ["real", ..])
{
    await RealMode.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : RealMode.DefaultRounds);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
