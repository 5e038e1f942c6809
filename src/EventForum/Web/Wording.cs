using System.Globalization;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;

namespace EventForum.Web;

/// <summary>How pages say numbers, times and refusals.</summary>
internal static class Wording
{
    public static string Name(PostFormat format) =>
        format switch
        {
            PostFormat.Markdown => "Markdown",
            PostFormat.BbCode => "BBCode",
            PostFormat.Mail => "Mail",
            PostFormat.Text => "Plain text",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };

    public static string Number(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long n, string one, string many) => $"{Number(n)} {(n == 1 ? one : many)}";

    /// <summary>How long ago, to the nearest unit that still says something; a date after a month.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) =>
        (now - then) switch
        {
            { TotalSeconds: < 45 } => "just now",
            { TotalMinutes: < 59.5 } past => Past(past.TotalMinutes, "minute"),
            { TotalHours: < 23.5 } past => Past(past.TotalHours, "hour"),
            { TotalDays: < 29.5 } past => Past(past.TotalDays, "day"),
            _ => then.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        };

    public static string Absolute(DateTimeOffset time) =>
        time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset time) =>
        time.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A span of time, as exactly as its length asks for.</summary>
    public static string Span(DateTimeOffset from, DateTimeOffset to)
    {
        var (start, end) = (from.UtcDateTime, to.UtcDateTime);
        return (end - start) switch
        {
            { TotalDays: >= 1 } => Range("d MMM yyyy"),
            { TotalMinutes: >= 1 } => $"{Text(start, "d MMM yyyy")}, {Range("HH:mm")}",
            _ => $"{Text(start, "d MMM yyyy")}, {Range("HH:mm:ss")}",
        };

        string Range(string format) =>
            Text(start, format) == Text(end, format)
                ? Text(start, format)
                : $"{Text(start, format)} – {Text(end, format)}";

        static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>How much of a thread's life a second shows.</summary>
    public static string Speed(int times) =>
        times switch
        {
            1 => "Real time",
            60 => "1 minute/s",
            3_600 => "1 hour/s",
            86_400 => "1 day/s",
            604_800 => "1 week/s",
            2_592_000 => "1 month/s",
            _ => $"{Number(times)} times as fast",
        };

    /// <summary>What links to a past moment end in; nothing for now.</summary>
    public static string MomentQuery(DateTimeOffset? at) => at is { } moment ? $"?at={Moments.Text(moment)}" : "";

    public static string Names(Viewers viewers) =>
        string.Join(
            ", ",
            [
                .. viewers.Members.Select(Bidi.Isolate),
                .. viewers.Guests == 0 ? [] : new[] { Count(viewers.Guests, "guest", "guests") },
            ]
        );

    public static string Headline(Refusal refusal) =>
        refusal.Type == "idempotency-key-reused" ? "This form was sent before." : refusal.Title;

    /// <summary>
    /// A refusal's advice for people who fill in forms. Where the refusal's own words speak of requests, pages have
    /// others.
    /// </summary>
    public static string Advice(Refusal refusal) =>
        refusal.Type switch
        {
            "idempotency-key-reused" => "What is in it now is not what was sent then. Send it again to send this too.",
            "stale-revision" => "Below is what it says now. Bring your text up to it, then save.",
            "misquote" => "Quote the post's own words as they stand: the Quote button of the post gives them.",
            "board-not-found" => "The list of boards shows those that there are.",
            "thread-not-found" or "post-not-found" => "The address may be mistyped.",
            "page-not-found" or "revision-not-found" => "Go back to the first one.",
            "moment-missing" => "Name it by an event's number, such as 12, or by a date, such as 2026-01-31.",
            "moments-reversed" => "Put the earlier one first.",
            "version-not-found" => "The timeline shows those that there are.",
            "thread-not-started" => "Choose a later time.",
            "nothing-changed" => "Change something, or leave it as it is.",
            "unknown-version" => "Load the thread again and send your post from there.",
            "too-busy" or "stopping" => "Send it again in a moment.",
            "store-unavailable" =>
                "Load this page again in a few seconds. What you sent may be sent again: it is carried out once.",
            "busy" => "Load this page again in a few seconds.",
            "too-many-requests" => "Wait a moment, then try again.",
            _ => refusal.Detail,
        };

    private static string Past(double amount, string unit) =>
        Count(Math.Max(1, (long)Math.Round(amount)), unit, unit + "s") + " ago";
}
