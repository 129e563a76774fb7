using System.ComponentModel;
using Microsoft.Extensions.AI;
using Streamline;

namespace ChatSample;

/// <summary>Two tools that take their time, as real ones do.</summary>
internal static class DemoTools
{
    public const string Weather = "get_weather";
    public const string Calendar = "get_calendar";

    private static readonly TimeSpan WeatherTime = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan CalendarTime = TimeSpan.FromMilliseconds(600);

    /// <summary>Both only read, so they start as soon as the model has written their arguments.</summary>
    public static ToolSet Create() => new ToolSet()
        .Add(AIFunctionFactory.Create(GetWeatherAsync, Weather), tool => tool.ReadOnly = true)
        .Add(AIFunctionFactory.Create(GetCalendarAsync, Calendar), tool => tool.ReadOnly = true);

    [Description("Tells the weather of a day in a city.")]
    private static async Task<string> GetWeatherAsync([Description("The city.")] string city, [Description("The day, such as 'today'.")] string day, CancellationToken cancellationToken)
    {
        await Task.Delay(WeatherTime, TimeProvider.System, cancellationToken);
        return $"{city}, {day}: 11 °C, showers in the afternoon, wind from the west";
    }

    [Description("Lists the user's appointments of a day.")]
    private static async Task<string> GetCalendarAsync([Description("The day, such as 'today'.")] string day, CancellationToken cancellationToken)
    {
        await Task.Delay(CalendarTime, TimeProvider.System, cancellationToken);
        return $"{day}: 10:00 client meeting; 19:30 dinner outdoors";
    }
}
