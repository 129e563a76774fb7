using System.Text.Json;

namespace Streamline;

/// <summary>Puts several files in place together or not at all, also when the process ends in the middle of it.</summary>
/// <remarks>
/// Before the first move, copies of the files to be replaced are made, and a journal names them. While the journal has content, the commit has not happened: the next writer that finds it puts everything back. Emptying the
/// journal is the one step that makes the commit. The journal is locked as long as its process lives.
/// </remarks>
internal static class FileCommit
{
    /// <param name="root">The directory that all files lie in.</param>
    /// <param name="written">The files, which are closed.</param>
    /// <exception cref="IOException">A file could not be put in place. All targets are as they were.</exception>
    public static async ValueTask RunAsync(FileRoot root, IReadOnlyList<AtomicFile> written)
    {
        if (written.Count == 1)
        {
            written[0].Commit(); // one step by itself
            return;
        }

        var files = root.Files;
        var path = Path.Combine(root.Path, $".{Guid.NewGuid():N}{FileRoot.JournalExtension}");
        var entries = written.Select(file => new Entry(file.Target, file.Temporary, files.FileExists(file.Target) ? BackupOf(file) : null)).ToList();
        Stream? journal = null;
        var isCommitted = false;
        try
        {
            journal = files.Create(path);
            foreach (var entry in entries.Where(entry => entry.Backup is not null))
            {
                files.Copy(entry.Target, entry.Backup!);
            }

            await journal.WriteAsync(Serialize(root, entries)).ConfigureAwait(false);
            files.Flush(journal);
            foreach (var file in written)
            {
                file.Commit();
            }

            journal.SetLength(0);
            isCommitted = true;
        }
        finally
        {
            // Nothing may keep the failure from being seen. What cannot be put back or removed now is left to recovery.
            if (isCommitted)
            {
                Attempt(() => files.Flush(journal!));
            }

            if (isCommitted || Attempt(() => entries.ForEach(entry => PutBack(files, entry))))
            {
                Attempt(() => entries.ForEach(entry => DeleteIfThere(files, entry.Backup)));
                Attempt(() => journal?.SetLength(0));
                Attempt(() => journal?.Dispose());
                Attempt(() => DeleteIfThere(files, path));
            }

            Attempt(() => journal?.Dispose());
        }
    }

    /// <summary>Undoes the commits that a process did not end, because it was ended itself.</summary>
    /// <returns>How many there were.</returns>
    public static int Recover(FileRoot root)
    {
        var recovered = 0;
        foreach (var path in root.Files.Find(root.Path, "*" + FileRoot.JournalExtension, isRecursive: false))
        {
            Stream journal;
            try
            {
                journal = root.Files.OpenExclusive(path);
            }
            catch (IOException)
            {
                continue; // of a process that lives, or recovered by another one just now
            }

            using (journal)
            {
                foreach (var entry in Deserialize(root, journal))
                {
                    PutBack(root.Files, entry);
                    DeleteIfThere(root.Files, entry.Temporary);
                    DeleteIfThere(root.Files, entry.Backup);
                }

                root.Files.Delete(path);
                recovered++;
            }
        }

        return recovered;
    }

    private static string BackupOf(AtomicFile file) => Path.Combine(Path.GetDirectoryName(file.Target)!, $".{Guid.NewGuid():N}{FileRoot.TemporaryExtension}");

    // A file whose temporary one is still there was not moved.
    private static void PutBack(IFileSystem files, Entry entry)
    {
        if (files.FileExists(entry.Temporary))
        {
            return;
        }

        if (entry.Backup is null)
        {
            DeleteIfThere(files, entry.Target);
        }
        else if (files.FileExists(entry.Backup))
        {
            files.Move(entry.Backup, entry.Target);
        }
    }

    private static void DeleteIfThere(IFileSystem files, string? path)
    {
        if (path is not null && files.FileExists(path))
        {
            files.Delete(path);
        }
    }

    private static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // An array that is not whole names nothing: no file was moved before it was.
    private static ReadOnlyMemory<byte> Serialize(FileRoot root, IReadOnlyList<Entry> entries)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var path in entries.SelectMany(entry => (string?[])[entry.Target, entry.Temporary, entry.Backup]))
            {
                writer.WriteStringValue(path is null ? null : Path.GetRelativePath(root.Path, path));
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private static List<Entry> Deserialize(FileRoot root, Stream journal)
    {
        List<Entry> entries = [];
        try
        {
            using var document = JsonDocument.Parse(journal);
            var paths = document.RootElement.EnumerateArray().Select(path => path.GetString() is { } name ? Path.GetFullPath(name, root.Path) : null).ToList();
            for (var i = 0; i + 2 < paths.Count; i += 3)
            {
                var (target, temporary, backup) = (paths[i], paths[i + 1], paths[i + 2]);
                if (root.Resolve(target!, out _, out _) is null && IsTemporary(root, temporary) && (backup is null || IsTemporary(root, backup)))
                {
                    entries.Add(new Entry(target!, temporary!, backup));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return [];
        }

        return entries;
    }

    private static bool IsTemporary(FileRoot root, string? path) =>
        path is not null && path.EndsWith(FileRoot.TemporaryExtension, StringComparison.Ordinal) && root.Contains(path);

    private sealed record Entry(string Target, string Temporary, string? Backup);
}
