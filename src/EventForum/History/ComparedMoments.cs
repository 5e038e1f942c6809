using System.Globalization;
using EventForum.Platform;
using EventForum.Threads.Reading;

namespace EventForum.History;

/// <summary>Finds the two moments that are compared.</summary>
internal static class ComparedMoments
{
    private static readonly Refusal NoFrom = new(
        400,
        "moment-missing",
        "There is nothing to compare with.",
        "Send from, and to unless it is now: versions of the thread (0 is before it began), or times such as 2026-01-31T12:00:00Z."
    );

    private static readonly Refusal Reversed = new(
        422,
        "moments-reversed",
        "The later moment is the earlier one.",
        "Send the earlier moment as from."
    );

    /// <summary>The two moments that a query names by versions or times.</summary>
    /// <param name="version">The thread's version.</param>
    /// <param name="to">Null for now.</param>
    public static async Task<(Refusal? Refusal, ComparedMoment? From, ComparedMoment? To)> FindTwoAsync(
        this Moments moments,
        Guid threadId,
        long version,
        string? from,
        string? to,
        CancellationToken cancellation
    )
    {
        var earlier = await MomentAsync(from);
        var later = to is null ? (null, new ComparedMoment(version, null)) : await MomentAsync(to);
        if ((earlier.Refusal ?? later.Refusal) is { } refusal)
        {
            return (refusal, null, null);
        }

        return earlier.Moment!.Version > later.Moment!.Version ? (Reversed, null, null)
            : later.Moment.Version == 0 ? (Moments.NotStarted, null, null)
            : (null, earlier.Moment, later.Moment);

        async Task<(Refusal? Refusal, ComparedMoment? Moment)> MomentAsync(string? text)
        {
            if (text == "0")
            {
                return (null, new ComparedMoment(0, null));
            }

            var isVersion = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var at = isVersion ? null : Moments.ParseTime(text);
            if (!isVersion && at is null)
            {
                return (NoFrom, null);
            }

            var (refused, found) = await moments.FindAsync(threadId, isVersion ? number : null, at, cancellation);
            return refused == Moments.NotStarted ? (null, new ComparedMoment(0, at))
                : refused is not null ? (refused, null)
                : (null, new ComparedMoment(found?.Version ?? version, found?.At));
        }
    }
}
