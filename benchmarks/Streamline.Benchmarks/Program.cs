using BenchmarkDotNet.Running;
using Streamline.Benchmarks;

if (args is ["payloads", var folder])
{
    Payloads.WriteTo(folder);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
