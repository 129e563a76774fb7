using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline;

/// <summary>One file on its way to its place.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A call ends by a commit, which releases the hash, or is rolled back and forgotten.")]
internal sealed class FileWriterToolCall(FileWriterToolOptions options, IFileSystem files) : StreamingToolCall
{
    private const int MinGrowth = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private AtomicFile? _file;
    private int _written; // of the content, in bytes
    private int _nextLength; // of the raw content, in bytes

    public override async ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken)
    {
        // The content may come before the path, and the path is not known before it is complete.
        if (!input["path"].IsComplete || !input["path"].TryGetString(out var name))
        {
            return;
        }

        // The text is a copy. Taking it only when it has grown by a share of its size keeps the work linear.
        var content = input["content"];
        var length = content.GetRawUtf8().Length;
        if (length < _nextLength || !content.TryGetString(out var text))
        {
            return;
        }

        _nextLength = length + Math.Max(MinGrowth, length / 8);
        Open(name);
        await AppendAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var path = TextOf(arguments, "path");
        var content = Encoding.UTF8.GetBytes(TextOf(arguments, "content"));
        if (_file is not null && _file.Target != options.Resolve(path))
        {
            await RollBackAsync().ConfigureAwait(false);
        }

        Open(path);

        // What was written so far was a preview. Only what equals the parsed arguments may stay.
        if (!HasBegun(content))
        {
            _file!.Clear();
            _written = 0;
        }

        await AppendAsync(content, cancellationToken).ConfigureAwait(false);
        await _file!.CloseAsync().ConfigureAwait(false);
        if (options.Validate is { } validate)
        {
            await validate(_file.Target, _file.Temporary, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _file.Commit();
        _file.Keep();
        _hash.Dispose();
        return $"Wrote {content.Length} bytes to {path}.";
    }

    public override async ValueTask RollBackAsync()
    {
        if (_file is not null)
        {
            await _file.RollBackAsync().ConfigureAwait(false);
        }

        (_file, _written) = (null, 0);
        _ = _hash.GetHashAndReset();
    }

    private void Open(string path)
    {
        if (_file is null)
        {
            _file = new AtomicFile(files, options.Resolve(path));
            _file.Open();
        }
    }

    /// <summary>Whether the content begins with what was written.</summary>
    private bool HasBegun(byte[] content) =>
        _written <= content.Length && _hash.GetCurrentHash().AsSpan().SequenceEqual(SHA256.HashData(content.AsSpan(0, _written)));

    private async ValueTask AppendAsync(byte[] content, CancellationToken cancellationToken)
    {
        var rest = content.AsMemory(Math.Min(_written, content.Length));
        _hash.AppendData(rest.Span);
        _written += rest.Length;
        await _file!.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
    }

    private static string TextOf(AIFunctionArguments arguments, string name) => arguments.TryGetValue(name, out var value) ? value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        string text => text,
        _ => throw new ToolErrorException($"The argument '{name}' must be a string."),
    } : throw new ToolErrorException($"The argument '{name}' is missing.");
}
