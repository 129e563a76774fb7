using System.ComponentModel;
using Microsoft.Extensions.AI;
using Streamline;

namespace ChatSample;

/// <summary>Tools that take their time, as real ones do: two that only read, and one that changes something.</summary>
internal sealed class DemoTools(TimeProvider time)
{
    public const string Weather = "get_weather";
    public const string Calendar = "get_calendar";
    public const string Reminder = "set_reminder";

    private static readonly TimeSpan WeatherTime = TimeSpan.FromMilliseconds(1300);
    private static readonly TimeSpan CalendarTime = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan ReminderTime = TimeSpan.FromMilliseconds(300);

    /// <summary>Those that only read start as soon as the model has written their arguments. The other one asks first.</summary>
    public ToolSet Create() => new ToolSet()
        .Add(AIFunctionFactory.Create(GetWeatherAsync, Weather), tool => tool.ReadOnly = true)
        .Add(AIFunctionFactory.Create(GetCalendarAsync, Calendar), tool => tool.ReadOnly = true)
        .Add(AIFunctionFactory.Create(SetReminderAsync, Reminder), tool => tool.Approval = ToolApproval.Always);

    [Description("Tells the weather of a day in a city.")]
    private async Task<string> GetWeatherAsync([Description("The city.")] string city, [Description("The day, such as 'today'.")] string day, CancellationToken cancellationToken)
    {
        await Task.Delay(WeatherTime, time, cancellationToken);
        return $"{city}, {day}: 11 °C, showers in the afternoon, wind from the west";
    }

    [Description("Lists the user's appointments of a day.")]
    private async Task<string> GetCalendarAsync([Description("The day, such as 'today'.")] string day, CancellationToken cancellationToken)
    {
        await Task.Delay(CalendarTime, time, cancellationToken);
        return $"{day}: 10:00 client meeting; 19:30 dinner outdoors";
    }

    [Description("Sets a reminder for the user.")]
    private async Task<string> SetReminderAsync([Description("The time, such as '09:30'.")] string at, [Description("What to remember.")] string text, CancellationToken cancellationToken)
    {
        await Task.Delay(ReminderTime, time, cancellationToken);
        return $"{at}: {text}";
    }
}
