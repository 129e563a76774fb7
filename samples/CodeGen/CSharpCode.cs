using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Streamline;
using Streamline.Text;

namespace CodeGenSample;

/// <summary>Checks C# with Roslyn: the syntax while it is being written, and all files together before they are put in place.</summary>
internal static class CSharpCode
{
    // begin: live-check
    public static ValueTask<IReadOnlyList<CodeDiagnostic>?> CheckAsync(CodeSnapshot code, CancellationToken cancellationToken)
    {
        if (code.Info.Language is not ("cs" or "csharp"))
        {
            return JsonCode.CheckAsync(code, cancellationToken); // null for any other language
        }

        // While the code grows, what is wrong in its last line may just be unfinished.
        var tree = CSharpSyntaxTree.ParseText(code.Text, cancellationToken: cancellationToken);
        var end = code.IsComplete ? int.MaxValue : code.Text.TrimEnd().LastIndexOf('\n');
        var found = tree.GetDiagnostics(cancellationToken).Where(diagnostic => diagnostic.Location.SourceSpan.Start < end);
        return new([.. found.Select(diagnostic => ToDiagnostic(diagnostic, code.Info.FileName))]);
    }
    // end: live-check

    // begin: validate
    public static async ValueTask<IReadOnlyList<CodeDiagnostic>> ValidateAsync(IReadOnlyList<CodeFile> files, CancellationToken cancellationToken)
    {
        var trees = files.Where(file => file.Name.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(file.Code.Text, path: file.Name, cancellationToken: cancellationToken));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Generated", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var found = compilation.GetDiagnostics(cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => ToDiagnostic(diagnostic, diagnostic.Location.SourceTree?.FilePath));

        return [.. found, .. await CodeFileWriterOptions.Each(JsonCode.CheckAsync)(files, cancellationToken)];
    }
    // end: validate

    private static CodeDiagnostic ToDiagnostic(Diagnostic diagnostic, string? fileName)
    {
        var position = diagnostic.Location.GetLineSpan().StartLinePosition;
        return new CodeDiagnostic
        {
            Severity = diagnostic.Severity == DiagnosticSeverity.Error ? CodeDiagnosticSeverity.Error : CodeDiagnosticSeverity.Warning,
            Code = diagnostic.Id,
            Message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            Line = position.Line + 1,
            Column = position.Character + 1,
            FileName = fileName,
        };
    }
}
