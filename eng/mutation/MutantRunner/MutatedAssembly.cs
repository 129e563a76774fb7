using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MutantRunner;

/// <summary>An assembly that holds all mutants. The class <c>MutantControl</c>, which Stryker adds, says which one is active.</summary>
internal sealed class MutatedAssembly
{
    private const int None = -1;

    private readonly FieldInfo _active;
    private readonly FieldInfo _captures;
    private readonly MethodInfo _reset;
    private readonly MethodInfo _covered;

    public MutatedAssembly(string path)
    {
        var control = AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetTypes().FirstOrDefault(type => type.Name == "MutantControl")
            ?? throw new InvalidOperationException($"'{path}' holds no mutants.");
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        _active = control.GetField("ActiveMutant", Static)!;
        _captures = control.GetField("CaptureCoverage", Static)!;
        _reset = control.GetMethod("ResetCoverage", Static)!;
        _covered = control.GetMethod("GetCoverageData", Static)!;
        RuntimeHelpers.RunClassConstructor(control.TypeHandle);
        Deactivate();
    }

    public void Activate(int id) => _active.SetValue(null, id);

    public void Deactivate() => _active.SetValue(null, None);

    /// <summary>Does something, and tells which mutants it has come by: any, and those in code that runs once per process.</summary>
    public (IReadOnlyList<int> Any, IReadOnlyList<int> Once) Cover(Action action)
    {
        _reset.Invoke(null, null);
        _captures.SetValue(null, true);
        action();
        _captures.SetValue(null, false);
        var covered = (IList<int>[])_covered.Invoke(null, null)!;
        return ([.. covered[0]], [.. covered[1]]);
    }
}
