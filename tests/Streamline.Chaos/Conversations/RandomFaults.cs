using System.Net;
using System.Text;
using Streamline.Testing;

namespace Streamline.Chaos.Conversations;

/// <summary>Every kind of fault that the scripted provider has, at a random place of a reply.</summary>
internal static class RandomFaults
{
    private static readonly byte[][] Garbage = [[0xFF, 0x00, 0xC3, 0x28, (byte)'{', (byte)'\n'], Encoding.UTF8.GetBytes("<html>502 Bad Gateway</html>\n\n"), [0]];

    private static readonly (HttpStatusCode Status, string? Code)[] Errors =
    [
        (HttpStatusCode.ServiceUnavailable, null), ((HttpStatusCode)529, null), (HttpStatusCode.TooManyRequests, null), (HttpStatusCode.InternalServerError, null), (HttpStatusCode.BadGateway, null),
        (HttpStatusCode.Unauthorized, null), (HttpStatusCode.BadRequest, null),
    ];

    /// <summary>Gives a reply a fault, or another reply in its place.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="events">How many events it has.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="random">Decides.</param>
    public static ScriptedReply Apply(ScriptedReply reply, int events, int bytes, Random random)
    {
        if (random.Next(5) == 0)
        {
            var (status, code) = Errors[random.Next(Errors.Length)];
            var error = ScriptedReply.Error(status, "busy", code, random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(1, 4)) : null);
            return random.Next(4) == 0 ? error with { Faults = new FaultPlan { StallAt = FaultPoint.AtByte(5) } } : error;
        }

        var point = random.Next(2) == 0 || events == 1 ? FaultPoint.AtByte(random.Next(bytes)) : FaultPoint.AfterEvent(random.Next(events));
        var faults = random.Next(9) switch
        {
            0 or 1 => new FaultPlan { AbortAt = point },
            2 => new FaultPlan { EndAt = point },
            3 => new FaultPlan { StallAt = point },
            4 when events > 1 => new FaultPlan { OmitTerminalEvent = true },
            5 => new FaultPlan { AbortAt = FaultPoint.BeforeHead },
            6 => new FaultPlan { StallAt = FaultPoint.BeforeHead },
            7 when events > 1 => new FaultPlan { ErrorAfterEvent = random.Next(events) },
            8 => new FaultPlan { GarbageAt = point, Garbage = Garbage[random.Next(Garbage.Length)] },
            _ => new FaultPlan { EndAt = point },
        };
        return reply with { Faults = faults };
    }

    /// <summary>Sends a reply in chunks of random sizes.</summary>
    public static ScriptedReply InChunks(ScriptedReply reply, Random random) => random.Next(2) == 0
        ? reply
        : reply with { Faults = reply.Faults with { ChunkSize = random.Next(1, 300), ChunkSeed = random.Next(), ChunkDelay = TimeSpan.FromMilliseconds(random.Next(2)) } };
}
