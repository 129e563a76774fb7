using Spectre.Console.Rendering;

namespace ChatPicture;

/// <summary>What the terminal shows from a moment on: lines of styled pieces.</summary>
internal sealed record Frame(TimeSpan At, IReadOnlyList<IReadOnlyList<Segment>> Lines);
