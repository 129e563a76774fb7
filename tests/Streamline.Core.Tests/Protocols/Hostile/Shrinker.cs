namespace Streamline.Tests.Protocols.Hostile;

/// <summary>Makes an input smaller as long as it keeps its violation.</summary>
internal static class Shrinker
{
    private const int MostTries = 4000;

    public static async Task<HostileBody> ShrinkAsync(HostileBody body, Func<HostileBody, Task<bool>> isFaulty)
    {
        var frames = body.Frames.ToList();
        for (var i = frames.Count - 1; i >= 0; i--)
        {
            List<HostileFrame> fewer = [.. frames[..i], .. frames[(i + 1)..]];
            frames = await isFaulty(body with { Frames = fewer }) ? fewer : frames;
        }

        for (var i = 0; i < frames.Count; i++)
        {
            var index = i;
            var data = await ShrinkAsync(frames[i].Data, text => isFaulty(body with { Frames = With(text) }));
            frames = With(data);

            List<HostileFrame> With(string text) => [.. frames[..index], frames[index] with { Data = text }, .. frames[(index + 1)..]];
        }

        return body with { Frames = frames };
    }

    /// <summary>Cuts out pieces, the larger ones first.</summary>
    public static async Task<string> ShrinkAsync(string text, Func<string, Task<bool>> isFaulty)
    {
        var tries = 0;
        for (var size = Math.Max(1, text.Length / 2); size > 0; size = size == 1 ? 0 : size / 2)
        {
            for (var start = 0; start + size <= text.Length && tries < MostTries; tries++)
            {
                var shorter = text.Remove(start, size);
                if (await isFaulty(shorter))
                {
                    text = shorter;
                }
                else
                {
                    start += size > 4 ? Math.Max(1, size / 4) : 1;
                }
            }
        }

        return text;
    }
}
