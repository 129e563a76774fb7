using System.Runtime.CompilerServices;
using System.Text;

namespace LogAnalysisSample;

/// <summary>Reads the lines of a file while another process writes it.</summary>
internal static class LogFollower
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Gives the lines of a file, those that are there and those that are added.</summary>
    /// <param name="path">The file. UTF-8 is expected. It may be made later, and be cut to begin anew.</param>
    /// <param name="stopping">Ends the lines, after all that have been written.</param>
    /// <param name="cancellationToken">Cancels at once.</param>
    public static async IAsyncEnumerable<string> FollowAsync(
        string path, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (position, rest) = (0L, new List<byte>());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isLast = stopping.IsCancellationRequested; // asked first: what is written before the stop is read after it
            if (File.Exists(path))
            {
                var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await using (file)
                {
                    if (file.Length < position)
                    {
                        (position, rest) = (0, []);
                    }

                    file.Position = position;
                    var buffer = new byte[16 * 1024];
                    for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0;)
                    {
                        position += read;
                        foreach (var line in TakeLines(rest, buffer.AsSpan(0, read)))
                        {
                            yield return line;
                        }
                    }
                }
            }

            if (isLast)
            {
                if (rest.Count > 0)
                {
                    yield return Decode(rest); // the last line has no end yet
                }

                yield break;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A line ends at a byte, so that a character that is cut by the end of what is written waits for its rest.
    private static List<string> TakeLines(List<byte> rest, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            rest.AddRange(bytes[..end]);
            lines.Add(Decode(rest));
            rest.Clear();
        }

        rest.AddRange(bytes);
        return lines;
    }

    private static string Decode(List<byte> line) => Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
}
