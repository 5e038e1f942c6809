using System.Globalization;
using EventForum.Access;
using EventForum.History;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Web;

/// <summary>Shows threads as they were.</summary>
public sealed class PastScreen(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    ThreadHistory history,
    Timelines timelines,
    Moments moments,
    ThreadPages pages,
    WhatIfPages whatIfs,
    PostViews views,
    Readers readers
)
{
    /// <summary>How many events are listed on each side of the one that is shown.</summary>
    private const int Around = 10;

    public static string PageUrl(Guid threadId, long version, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"/threads/{threadId}?version={version}&page={page}");

    public static string TimelineUrl(Guid threadId) => $"/threads/{threadId}/timeline";

    public static string TimelineUrl(Guid threadId, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"/threads/{threadId}/timeline?version={version}");

    /// <summary>A page of the thread as it was.</summary>
    public async Task<IResult> ShowPageAsync(
        HttpContext http,
        Guid threadId,
        int page,
        long? version,
        string? at,
        PostOrder order
    )
    {
        var reader = await readers.OfAsync(http);
        if (await history.VersionAsync(threadId, http.RequestAborted) is not { } last)
        {
            return new Refused(ThreadRefusals.NoSuchThread);
        }

        var (refusal, moment) = await MomentAsync(threadId, last, version, at, http.RequestAborted);
        if (refusal is not null)
        {
            return new Refused(refusal);
        }

        var read = page < 1 ? null : await ReadAsync(threadId, page, moment!, reader, http.RequestAborted, order);
        return read is null || (read.Posts.Count == 0 && page > read.PageCount)
            ? new Refused(GetThreadEndpoint.NoSuchPage)
            : new HtmlPage<PastThreadView>(
                new
                {
                    Thread = read,
                    LastVersion = last,
                    EditedAfter = await ThreadHeaders.EditedAfterAsync(database, read, http.RequestAborted),
                }
            );
    }

    /// <summary>A page of the thread as it would be without some of what happened.</summary>
    public async Task<IResult> ShowWhatIfAsync(
        HttpContext http,
        Guid threadId,
        int page,
        long? version,
        string? at,
        string[] without,
        PostOrder order
    )
    {
        var (refusal, moment) = await moments.FindAsync(threadId, version, at, http.RequestAborted);
        if (refusal is not null || page < 1)
        {
            return new Refused(refusal ?? GetThreadEndpoint.NoSuchPage);
        }

        var reader = await readers.OfAsync(http);
        var (refused, folded) = await whatIfs.ReadAsync(
            threadId,
            page,
            without,
            moment,
            reader,
            http.RequestAborted,
            order
        );
        return refused is not null ? new Refused(refused)
            : folded is null ? new Refused(ThreadRefusals.NoSuchThread)
            : folded.Posts.Count == 0 && page > 1 ? new Refused(GetThreadEndpoint.NoSuchPage)
            : new HtmlPage<WhatIfView>(new { Thread = folded }) { CacheControl = Caching.Never };
    }

    /// <summary>The timeline at a moment; at the last one when none is named.</summary>
    /// <param name="day">A date: leads to the first event from then on.</param>
    public async Task<IResult> ShowTimelineAsync(
        HttpContext http,
        Guid threadId,
        long? version,
        string? at,
        string? day = null
    )
    {
        var (unread, timeline) = await timelines.ReadAsync(threadId, Reader.Of(http), http.RequestAborted);
        if (timeline is null)
        {
            return new Refused(unread!);
        }

        if (!string.IsNullOrWhiteSpace(day))
        {
            return await FirstFromAsync(timeline, day, http.RequestAborted);
        }

        var (refusal, moment) = await MomentAsync(threadId, timeline.Version, version, at, http.RequestAborted);
        if (refusal is not null)
        {
            return new Refused(refusal);
        }

        var reader = await readers.OfAsync(http);
        return new HtmlPage<TimelineView>(
            new { Timeline = timeline, Moment = await ReadAsync(timeline, moment!.Version, reader, http) }
        );
    }

    private async Task<IResult> FirstFromAsync(ThreadTimeline timeline, string day, CancellationToken cancellation)
    {
        if (Moments.ParseTime(day) is not { } time)
        {
            return new Refused(Moments.NoSuchTime);
        }

        if (time <= timeline.From)
        {
            return new SeeOther(TimelineUrl(timeline.ThreadId, 1));
        }

        // What happened at that very time comes after what is before it.
        var before = time.AddTicks(-TimeSpan.TicksPerMicrosecond);
        var (_, moment) = await moments.FindAsync(timeline.ThreadId, null, before, cancellation);
        var next = (moment?.Version ?? timeline.Version) + 1;
        return new SeeOther(TimelineUrl(timeline.ThreadId, Math.Min(next, timeline.Version)));
    }

    /// <summary>The last moment when none is named, or one that is still to come.</summary>
    private async Task<(Refusal? Refusal, Moment? Moment)> MomentAsync(
        Guid threadId,
        long last,
        long? version,
        string? at,
        CancellationToken cancellation
    )
    {
        var (refusal, moment) = await moments.FindAsync(threadId, version, at, cancellation);
        return refusal is not null || moment is not null
            ? (refusal, moment)
            : await moments.FindAsync(threadId, last, default(DateTimeOffset?), cancellation);
    }

    private async Task<ThreadMoment> ReadAsync(ThreadTimeline timeline, long version, Reader reader, HttpContext http)
    {
        var threadId = timeline.ThreadId;
        var first = Math.Max(0, version - 1 - Around);
        var around = (
            await history.ReadAsync(
                threadId,
                first,
                (int)(version - first) + Around,
                new HistoryFilter(),
                reader,
                http.RequestAborted,
                withTexts: false
            )
        )!.Events;
        var entry = around[(int)(version - first) - 1];
        var moment = new Moment(version, entry.At);
        var number =
            entry.Post?.Number
            ?? (await ThreadHeaders.HeaderAsync(database, threadId, version, http.RequestAborted)).LastNumber;
        var page = (await ReadAsync(threadId, ThreadPage.PageOf(number), moment, reader, http.RequestAborted))!;
        var (words, isUnknown) = entry is { Type: "post_edited", Post.Id: var edited }
            ? await WordsAsync(threadId, edited, moment, reader, http.RequestAborted)
            : default;
        return new ThreadMoment(
            entry,
            around.ElementAtOrDefault((int)(version - first))?.At,
            around,
            page,
            words,
            entry.Type == "thread_renamed"
                ? (await ThreadHeaders.HeaderAsync(database, threadId, version - 1, http.RequestAborted)).Title
                : null,
            isUnknown
        );
    }

    private async Task<ThreadPage?> ReadAsync(
        Guid threadId,
        int page,
        Moment moment,
        Reader reader,
        CancellationToken cancellation,
        PostOrder order = PostOrder.Number
    ) => (await pages.ReadAsync(threadId, page, reader, cancellation, moment, order: order))?.Page;

    /// <summary>How an edit changed a text, or that nobody knows what it was.</summary>
    private async Task<(IReadOnlyList<WordChange>? Words, bool IsUnknown)> WordsAsync(
        Guid threadId,
        Guid postId,
        Moment moment,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var rows = await ThreadRows.StandingAsync(
            database,
            threadId,
            [(postId, moment.Version - 1), (postId, moment.Version)],
            cancellation
        );
        if (rows.Exists(row => row.IsUnknown))
        {
            return (null, true);
        }

        // Both as of the edit: a quote whose source changed meanwhile is no difference that the edit made.
        var texts = await views.TextsAsync(
            [.. rows.OrderBy(row => row.FromVersion)],
            _ => moment,
            reader,
            cancellation
        );
        return texts is [{ Body: { } before }, { Body: { } after }]
            ? (PostRevisions.Words(before, after, new DiffWork(cancellation)), false)
            : default;
    }
}
