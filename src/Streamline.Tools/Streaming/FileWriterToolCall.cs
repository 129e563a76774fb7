using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline;

/// <summary>One file on its way to its place.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A call ends by a commit, which releases the hash, or is rolled back and forgotten.")]
internal sealed class FileWriterToolCall(FileWriterToolOptions options) : StreamingToolCall
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private const int MinGrowth = 4096;

    private readonly CreatedDirectories _directories = new(DiskFileSystem.Instance);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private AtomicFile? _file;
    private int _written; // of the content, in UTF-16 code units
    private int _nextLength; // of the raw content, in bytes
    private bool _isGrown = true;

    public override async ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken)
    {
        // The content may come before the path, and the path is not known before it is complete.
        if (!input.TryGetProperty("path", out var path) || !path.IsComplete || !path.TryGetString(out var name)
            || !input.TryGetProperty("content", out var content))
        {
            return;
        }

        // The text is a copy. Taking it only when it has grown by a share of its size keeps the work linear.
        var length = content.GetRawUtf8().Length;
        if (length < _nextLength || !content.TryGetString(out var text))
        {
            return;
        }

        _nextLength = length + Math.Max(MinGrowth, length / 8);
        Open(name);
        await AppendAsync(text, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var path = TextOf(arguments, "path");
        var content = TextOf(arguments, "content");
        var isSameTarget = _file is null || _file.Target == options.Resolve(path);
        if (!isSameTarget)
        {
            await RollBackAsync().ConfigureAwait(false);
        }

        Open(path);

        // What was written so far was a preview. Only what equals the parsed arguments may stay.
        if (!await TryContinueAsync(content, cancellationToken).ConfigureAwait(false))
        {
            _file!.Clear();
            _written = 0;
            _ = _hash.GetHashAndReset();
            await AppendAsync(content, cancellationToken).ConfigureAwait(false);
        }

        await _file!.CloseAsync().ConfigureAwait(false);
        if (options.Validate is { } validate)
        {
            await validate(_file.Target, _file.Temporary, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _file.Commit();
        _hash.Dispose();
        return $"Wrote {Utf8.GetByteCount(content)} bytes to {path}.";
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
            _file = new AtomicFile(DiskFileSystem.Instance, options.Resolve(path), _directories);
            _file.Open();
        }
    }

    private async ValueTask<bool> TryContinueAsync(string content, CancellationToken cancellationToken)
    {
        if (!_isGrown || _written > content.Length)
        {
            return false;
        }

        var expected = SHA256.HashData(Utf8.GetBytes(content[.._written]));
        if (!_hash.GetCurrentHash().AsSpan().SequenceEqual(expected))
        {
            return false;
        }

        await AppendAsync(content, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask AppendAsync(string text, CancellationToken cancellationToken)
    {
        // Half of a surrogate pair waits for its other half.
        var end = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
        if (end <= _written)
        {
            _isGrown &= end == _written;
            return;
        }

        var bytes = Utf8.GetBytes(text[_written..end]);
        _hash.AppendData(bytes);
        _written = end;
        await _file!.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private static string TextOf(AIFunctionArguments arguments, string name) => arguments.TryGetValue(name, out var value) ? value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        string text => text,
        _ => throw new ToolErrorException($"The argument '{name}' must be a string."),
    } : throw new ToolErrorException($"The argument '{name}' is missing.");
}
