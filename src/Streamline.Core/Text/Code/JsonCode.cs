using System.Text;
using Streamline.Json;

namespace Streamline.Text;

/// <summary>A check of JSON in code blocks.</summary>
public static class JsonCode
{
    /// <summary>Checks that code is strict JSON or, while it grows, that it can still become strict JSON.</summary>
    /// <param name="code">The code.</param>
    /// <param name="cancellationToken">Not needed: the check does not wait.</param>
    /// <returns>The first error, if there is one; <see langword="null"/> for code of another language.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="code"/> is <see langword="null"/>.</exception>
    public static ValueTask<IReadOnlyList<CodeDiagnostic>?> CheckAsync(CodeSnapshot code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ValueTask.FromResult(string.Equals(code.Info.Language, "json", StringComparison.OrdinalIgnoreCase) ? Check(code) : null);
    }

    private static IReadOnlyList<CodeDiagnostic> Check(CodeSnapshot code)
    {
        var utf8 = Encoding.UTF8.GetBytes(code.Text);
        var document = new PartialJsonDocument(new PartialJsonOptions { AllowTruncation = !code.IsComplete, MaxBytes = Math.Max(1, utf8.Length) });
        if (document.TryAppend(utf8) && (!code.IsComplete || document.TryComplete()))
        {
            return [];
        }

        var offset = document.Error is StreamProtocolException { ByteOffset: { } at } ? (int)Math.Min(at, utf8.Length) : utf8.Length;
        var before = Encoding.UTF8.GetString(utf8.AsSpan(0, offset));
        var lineStart = before.LastIndexOf('\n') + 1;
        return [new CodeDiagnostic { Message = document.Error!.Message, Line = before.Count(next => next == '\n') + 1, Column = before.Length - lineStart + 1, FileName = code.Info.FileName }];
    }
}
