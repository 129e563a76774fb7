using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>The file of a snippet, compiled in memory with its neighbours, to see what a reader needs who copies a region of it.</summary>
internal sealed class SnippetModel
{
    private static readonly string[] SdkUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] WebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    private static readonly string[] TestUsings = ["Xunit", "FluentAssertions", "Streamline.Diagnostics", "Streamline.Resilience", "Streamline.Structured", "Streamline.Text", "Streamline.Workflows"];

    private static readonly Dictionary<string, SnippetModel> Known = new(StringComparer.Ordinal);

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    private readonly CSharpCompilation _compilation;

    private SnippetModel(string folder)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var isTest = folder.Contains("Tests", StringComparison.Ordinal);
        var usings = string.Concat(SdkUsings.Concat(isTest ? TestUsings : WebUsings).Select(name => $"global using {name};\n"));
        var trees = Directory.EnumerateFiles(folder, "*.cs", isTest ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(usings, options));
        _compilation = CSharpCompilation.Create("Snippets", trees, References.Value, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What a region needs.</summary>
    /// <param name="Namespaces">The namespaces of its names.</param>
    /// <param name="Assemblies">The assemblies in which they are.</param>
    /// <param name="Inferred">The namespaces of the parameters of lambdas, whose types the code does not name: options, for example.</param>
    /// <param name="Unknown">Names that could not be understood; the answer would be blind to them.</param>
    public sealed record Needs(IReadOnlyList<string> Namespaces, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Inferred, IReadOnlyList<string> Unknown)
    {
        private bool IsWeb => Assemblies.Any(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

        /// <summary>Gets the SDK of a project that the code can be in.</summary>
        public string Sdk => IsWeb ? "Microsoft.NET.Sdk.Web" : "Microsoft.NET.Sdk";

        /// <summary>Gets the namespaces that are not implicit there.</summary>
        public IEnumerable<string> Usings => Namespaces.Except(SdkUsings).Except(IsWeb ? WebUsings : []).Order(StringComparer.Ordinal);

        /// <summary>Gets the packages, without those that others bring.</summary>
        public IEnumerable<string> Packages => Assemblies.Where(IsFromPackage).Except(Assemblies.Where(IsFromPackage).SelectMany(BroughtBy))
            .Select(name => name.StartsWith("xunit.", StringComparison.Ordinal) ? "xunit" : name).Distinct().Order(StringComparer.Ordinal);

        /// <summary>Puts the needs of several regions together.</summary>
        public static Needs Of(IReadOnlyCollection<Needs> regions) =>
            new(
                [.. regions.SelectMany(region => region.Namespaces).Distinct()],
                [.. regions.SelectMany(region => region.Assemblies).Distinct()],
                [.. regions.SelectMany(region => region.Inferred).Distinct()],
                [.. regions.SelectMany(region => region.Unknown)]);
    }

    /// <summary>The model of the project that a file belongs to; of a test project, only of its folder.</summary>
    public static SnippetModel Of(string file)
    {
        var parts = file.Split('/');
        var folder = Repository.Combine(parts[0] == "samples" ? parts[..2] : parts[..^1]);
        if (!Known.TryGetValue(folder, out var model))
        {
            Known.Add(folder, model = new SnippetModel(folder));
        }

        return model;
    }

    /// <summary>Finds what the lines of a file need.</summary>
    /// <param name="file">The file.</param>
    /// <param name="first">The first line, from 0.</param>
    /// <param name="end">The line after the last one.</param>
    public Needs Find(string file, int first, int end)
    {
        var path = Repository.Combine(file.Split('/'));
        var tree = _compilation.SyntaxTrees.Single(tree => tree.FilePath == path);
        var lines = tree.GetText().Lines;
        var span = TextSpan.FromBounds(lines[first].Start, lines[end - 1].End);
        var model = _compilation.GetSemanticModel(tree);
        var types = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => span.Contains(name.Span)).Select(name => ImportedBy(name, model)).OfType<INamedTypeSymbol>().ToList();
        var own = tree.GetCompilationUnitRoot().Usings.Where(directive => span.Contains(directive.Span)).Select(directive => directive.Name?.ToString());
        var namespaces = types.Select(type => type.ContainingNamespace.ToDisplayString()).Except(own).OfType<string>();
        var unknown = model.GetDiagnostics(span).Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234" or "CS0103" or "CS1061");
        var inferred = tree.GetRoot().DescendantNodes().OfType<ParameterSyntax>().Where(parameter => span.Contains(parameter.Span) && parameter.Type is null)
            .Select(parameter => (model.GetDeclaredSymbol(parameter) as IParameterSymbol)?.Type).OfType<INamedTypeSymbol>()
            .Where(type => !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly)).Select(type => type.ContainingNamespace.ToDisplayString());
        return new Needs([.. namespaces], [.. types.Select(type => type.ContainingAssembly.Name).Distinct()], [.. inferred], [.. unknown.Select(diagnostic => diagnostic.ToString())]);
    }

    // The type that a name needs a using for: itself, or the static class of an extension method.
    private INamedTypeSymbol? ImportedBy(SimpleNameSyntax name, SemanticModel model)
    {
        if (name.IsVar || (name.Parent is QualifiedNameSyntax qualified && qualified.Right == name) || name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null)
        {
            return null;
        }

        // Arguments that a generator makes are not there, so that a call may have candidates only.
        var info = model.GetSymbolInfo(name);
        var type = (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) switch
        {
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType,
            IMethodSymbol method when name.Parent is AttributeSyntax => method.ContainingType,
            INamedTypeSymbol { ContainingType: null } named => named,
            _ => null,
        };
        return type is { SpecialType: SpecialType.None } && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly) ? type : null;
    }

    // Those of the shared frameworks are elsewhere than the test.
    private static bool IsFromPackage(string assembly) => File.Exists(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));

    private static HashSet<string> BroughtBy(string assembly)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([assembly]);
        while (open.TryPop(out var next))
        {
            foreach (var name in Assembly.Load(next).GetReferencedAssemblies().Select(reference => reference.Name!).Where(IsFromPackage).Where(found.Add))
            {
                open.Push(name);
            }
        }

        return found;
    }
}
