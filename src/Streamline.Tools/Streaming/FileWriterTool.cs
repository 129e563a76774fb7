using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>A tool that writes a text file while the model is still writing its content, and puts it in place in one step.</summary>
/// <remarks>
/// <para>
/// It writes to a temporary file beside the target, which replaces the target when the call is complete, valid and allowed. A refusal, cut or invalid arguments, a cancellation or a crash at any
/// moment leave the target as it was.
/// </para>
/// <para>Its arguments are <c>path</c>, relative to <see cref="FileWriterToolOptions.Root"/>, and <c>content</c>. Files outside of the root cannot be written. Thread-safe.</para>
/// <para>
/// Two calls for the same file do not disturb each other, but the last one wins: add the tool with <see cref="ToolOptions.Locks"/> = <see cref="LockTarget"/> to run them in order. After a crash, a file
/// whose name ends in <c>.streamline-tmp</c> may be left over; <see cref="DeleteLeftovers"/> removes those.
/// </para>
/// </remarks>
public sealed class FileWriterTool : StreamingTool
{
    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "minLength": 1, "description": "The path of the file, relative to the working directory." },
            "content": { "type": "string", "description": "The whole content of the file." }
          },
          "required": ["path", "content"],
          "additionalProperties": false
        }
        """u8);

    private readonly FileWriterToolOptions _options;

    /// <summary>Initializes a new instance of the <see cref="FileWriterTool"/> class.</summary>
    /// <param name="options">The options; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    public FileWriterTool(FileWriterToolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
    }

    /// <inheritdoc/>
    public override string Name => _options.Name;

    /// <inheritdoc/>
    public override string Description => "Writes a text file, replacing it if it exists. The file changes only when all of its content has arrived.";

    /// <inheritdoc/>
    public override JsonElement JsonSchema => Schema;

    /// <summary>Names the target of a call as a resource, for <see cref="ToolOptions.Locks"/>.</summary>
    /// <param name="arguments">The arguments of the call.</param>
    /// <returns>A lock of the file, <c>file:</c> and its full path.</returns>
    /// <exception cref="ToolErrorException">The path is outside of the root.</exception>
    public IEnumerable<ToolLock> LockTarget(JsonElement arguments) => [ToolLock.Write("file:" + _options.Resolve(arguments.GetProperty("path").GetString()!))];

    /// <summary>Removes what a crash left in the root, as <see cref="CodeFileWriter.Recover"/> does. Call it when no call is running.</summary>
    /// <returns>How many commits were undone and temporary files removed.</returns>
    public int DeleteLeftovers() => CodeFileWriter.Recover(_options.Root);

    /// <inheritdoc/>
    public override StreamingToolCall BeginCall(ToolCallContext? context) => new FileWriterToolCall(_options, DiskFileSystem.Instance);
}
