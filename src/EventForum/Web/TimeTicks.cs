using System.Globalization;

namespace EventForum.Web;

/// <summary>A time that an axis names.</summary>
public sealed record TimeTick(DateTimeOffset At, string Label);

/// <summary>Finds the round times that an axis names. Pure; in UTC.</summary>
public static class TimeTicks
{
    private const int Most = 5;

    private static readonly Step[] Steps =
    [
        .. new[] { 1, 5, 15, 30 }.Select(n => Step.Of(TimeSpan.FromSeconds(n), "HH:mm:ss")),
        .. new[] { 1, 5, 15, 30, 60, 180, 360, 720 }.Select(n => Step.Of(TimeSpan.FromMinutes(n), "HH:mm")),
        .. new[] { 1, 2, 7 }.Select(n => Step.Of(TimeSpan.FromDays(n), "d MMM")),
        .. new[] { 1, 3, 6 }.Select(n => Step.OfMonths(n, "MMM yyyy")),
        .. new[] { 1, 2, 5, 10, 20, 50, 100 }.Select(n => Step.OfMonths(12 * n, "yyyy")),
    ];

    public static IReadOnlyList<TimeTick> Between(DateTimeOffset from, DateTimeOffset to) =>
        Steps.Select(step => step.Between(from, to)).FirstOrDefault(ticks => ticks.Count <= Most) ?? [];

    private sealed record Step(string Format, Func<DateTime, DateTime> Down, Func<DateTime, DateTime> Up)
    {
        public static Step Of(TimeSpan length, string format) =>
            new(format, time => new DateTime(time.Ticks - time.Ticks % length.Ticks), time => time + length);

        public static Step OfMonths(int months, string format) =>
            new(
                format,
                time => DateTime.MinValue.AddMonths((time.Year * 12 + time.Month - 1) / months * months - 12),
                time => time.AddMonths(months)
            );

        public List<TimeTick> Between(DateTimeOffset from, DateTimeOffset to)
        {
            var ticks = new List<TimeTick>();
            // One more than are wanted is enough to know that there are too many.
            for (var at = Down(from.UtcDateTime); at <= to.UtcDateTime && ticks.Count <= Most; at = Up(at))
            {
                if (at > from.UtcDateTime)
                {
                    ticks.Add(
                        new TimeTick(
                            new DateTimeOffset(at, TimeSpan.Zero),
                            at.ToString(Format, CultureInfo.InvariantCulture)
                        )
                    );
                }
            }

            return ticks;
        }
    }
}
