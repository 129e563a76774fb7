using System.Globalization;

namespace Streamline.Testing;

/// <summary>Opens a new, numbered file for each exchange.</summary>
internal sealed class RecordingFolder(string folder)
{
    private int _last;

    public Stream Open(HttpRequestMessage request)
    {
        while (true)
        {
            var path = Path.Combine(folder, Interlocked.Increment(ref _last).ToString("0000", CultureInfo.InvariantCulture) + ".jsonl");
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Of an earlier run, or of another recorder.
            }
        }
    }
}
