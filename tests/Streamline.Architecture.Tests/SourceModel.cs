using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>The sources of Streamline.Core, compiled in memory to see which folder uses which.</summary>
internal sealed class SourceModel
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using Streamline.Protocols.Shared;
        global using System.Text;
        global using System.Text.Json;
        """;

    private readonly CSharpCompilation _compilation;
    private readonly string _root;

    private SourceModel(string root, CSharpCompilation compilation)
    {
        _root = root;
        _compilation = compilation;
    }

    public static SourceModel Core { get; } = Load(Repository.Combine("src", "Streamline.Core"));

    /// <summary>One use of a type of one folder by a file of another.</summary>
    public sealed record Import(string From, string To, string File, string Type);

    public IReadOnlyList<string> Folders() => [.. Trees().Select(tree => Area(tree.FilePath)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The names of source files that could not be understood; the rules would be blind to them.</summary>
    public IReadOnlyList<string> Unresolved() =>
        [.. _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234").Select(diagnostic => diagnostic.ToString())];

    public IReadOnlyList<Import> Imports() => [.. Trees().SelectMany(ImportsOf).Distinct()];

    private static SourceModel Load(string root)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var trees = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).StartsWith("obj", StringComparison.Ordinal))
            .Where(file => !Path.GetRelativePath(root, file).StartsWith("bin", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(GlobalUsings, options));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Streamline", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        return new SourceModel(root, CSharpCompilation.Create(
            "Streamline.Core", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));
    }

    private IEnumerable<SyntaxTree> Trees() => _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    private IEnumerable<Import> ImportsOf(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        var from = Area(tree.FilePath);
        foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: false).OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            if (type is null || symbol is INamespaceSymbol)
            {
                continue;
            }

            foreach (var declaration in type.OriginalDefinition.DeclaringSyntaxReferences)
            {
                // A partial type may be declared in several folders; a use of a member is a use of the folder that declares the member.
                var declared = symbol is INamedTypeSymbol ? declaration : symbol!.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault() ?? declaration;
                if (declared.SyntaxTree.FilePath.Length > 0 && Area(declared.SyntaxTree.FilePath) is var to && to != from)
                {
                    yield return new Import(from, to, Path.GetRelativePath(_root, tree.FilePath), type.Name);
                }
            }
        }
    }

    /// <summary>The folder of a file; each middleware and each protocol is an area of its own. The events of a feature belong to the one hierarchy of events, whose JSON form knows them all.</summary>
    private string Area(string file)
    {
        var parts = Path.GetRelativePath(_root, file).Split(Path.DirectorySeparatorChar);
        return parts[1] == "Events" ? "Events" : parts[0] is "Resilience" or "Diagnostics" or "Protocols" && parts.Length > 2 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }
}
