using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Cli.Commands;

/// <summary>Malformed JSON in, JSON and a report out.</summary>
internal static class RepairCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("repair", "Turn malformed, cut or wrapped text into valid JSON, and report the repairs.");
        var file = new Argument<string?>("file") { Description = "The text. Default: what is piped in.", Arity = ArgumentArity.ZeroOrOne };
        var mode = new Option<string>("--mode") { Description = "guess repairs everything; safe only what has one reading, or fails; none closes text that is cut.", DefaultValueFactory = _ => "guess" };
        mode.AcceptOnlyFromAmong("guess", "safe", "none");
        var schema = new Option<string?>("--schema") { Description = "A file with the JSON schema of what is expected." };
        var indent = new Option<bool>("--indent") { Description = "Indent the output." };
        var report = new Option<bool>("--report-json") { Description = "Write the report as a line of JSON." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "No report." };
        command.Arguments.Add(file);
        foreach (var option in new Option[] { mode, schema, indent, report, quiet })
        {
            command.Options.Add(option);
        }

        command.Run(host, async (parsed, cancellationToken) =>
        {
            var text = await ReadAsync(host, parsed.GetValue(file), cancellationToken).ConfigureAwait(false);
            if (text.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            {
                throw new InvalidDataException("The text is empty: there is nothing to repair.");
            }

            var output = new ArrayBufferWriter<byte>(text.Length + 1);
            var expected = parsed.GetValue(schema) is { } path ? await ReadSchemaAsync(path, cancellationToken).ConfigureAwait(false) : null;
            var repairs = PartialJson.Repair(text, output, Enum.Parse<PartialJsonRepairMode>(parsed.GetValue(mode)!, ignoreCase: true), expected);
            await host.Output.WriteLineAsync(parsed.GetValue(indent) ? Indent(output.WrittenMemory) : Encoding.UTF8.GetString(output.WrittenSpan)).ConfigureAwait(false);
            if (!parsed.GetValue(quiet))
            {
                Report(host, text, repairs, parsed.GetValue(report));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(CliHost host, string? path, CancellationToken cancellationToken)
    {
        if (path is not null)
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }

        if (host.IsInputInteractive)
        {
            throw new UsageException("Nothing to repair: name a file, or pipe text in.");
        }

        using var text = new MemoryStream();
        await host.Input.CopyToAsync(text, cancellationToken).ConfigureAwait(false);
        return text.ToArray();
    }

    private static async Task<PartialJsonSchema> ReadSchemaAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
            return PartialJsonSchema.Create(document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new UsageException($"--schema: '{path}' is not JSON: {exception.Message}");
        }
    }

    private static string Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, MaxDepth = int.MaxValue, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Report(CliHost host, byte[] text, IReadOnlyList<PartialJsonRepair> repairs, bool isJson)
    {
        if (isJson)
        {
            var output = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(output))
            {
                writer.WriteStartArray();
                foreach (var repair in repairs)
                {
                    writer.WriteStartObject();
                    writer.WriteString("kind", repair.Kind.ToString());
                    writer.WriteNumber("byteOffset", repair.ByteOffset);
                    writer.WriteString("confidence", repair.Confidence.ToString());
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            host.Note(Encoding.UTF8.GetString(output.WrittenSpan));
            return;
        }

        foreach (var repair in repairs)
        {
            var (line, column) = Position(text, repair.ByteOffset);
            host.Note(string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: {Words(repair.Kind.ToString())} ({Words(repair.Confidence.ToString())})"));
        }
    }

    // Columns in characters, as editors count them.
    private static (int Line, int Column) Position(ReadOnlySpan<byte> text, long offset)
    {
        var before = text[..(int)Math.Clamp(offset, 0, text.Length)];
        var start = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    private static string Words(string name) => string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
