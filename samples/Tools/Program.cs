using ToolsSample;

// Runs every example against a scripted model in this process: no key, no network.
foreach (var (name, run) in Examples.All)
{
    Console.WriteLine($"== {name}");
    await run(Console.Out);
    Console.WriteLine();
}
