using ChatPicture;

// Runs samples/Chat with its scripted provider on a clock that this program moves, and writes what the terminal shows as an animated SVG.
if (args is not [var path])
{
    Console.Error.WriteLine("Expected the path of the picture.");
    return 2;
}

await Recording.RunAsync(); // Compiles everything, so that the second run does not lag after its clock.
var frames = await Recording.RunAsync();
await File.WriteAllTextAsync(path, AnimatedSvg.Write(frames));
Console.WriteLine($"{path}: {frames.Count} frames, {new FileInfo(path).Length:N0} bytes");
return 0;
