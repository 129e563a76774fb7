using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.AI;

namespace StreamlineChat;

/// <summary>What the model may call.</summary>
internal static class Tools
{
    public const string Clock = "get_time";

    public static AIFunction CreateClock(TimeProvider time) =>
        AIFunctionFactory.Create([Description("Tells the time.")] () => time.GetLocalNow().ToString("HH:mm", CultureInfo.InvariantCulture), Clock);
}
