using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>Where a replay has come to its end, or has stopped.</summary>
/// <param name="Version">The version that it has come to.</param>
public sealed record ReplayEnd(Guid ThreadId, long Version);

/// <summary>A thread's history with the posts that each event brought to the page.</summary>
public sealed class Replay(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    ThreadHistory history,
    PostViews views
)
{
    /// <summary>Null when there is no such thread.</summary>
    internal async Task<ThreadHistoryPage?> ReadAsync(
        Guid threadId,
        long after,
        int limit,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var page = await history.ReadAsync(threadId, after, limit, new HistoryFilter(), reader, cancellation);
        if (page is null)
        {
            return null;
        }

        var shown = page
            .Events.Where(e => e.Type is not ("post_removed" or "post_held"))
            .Where(e => e.Post is not null)
            .ToDictionary(e => e.Version, e => (e.Post!.Id, e.Version));
        // An event that brought no text to the page, such as a redaction, finds the row of an earlier one.
        var rows = (await ThreadRows.StandingAsync(database, threadId, shown.Values, cancellation))
            .Where(row => shown.ContainsKey(row.FromVersion))
            .DistinctBy(row => row.FromVersion)
            .ToList();
        var seen = await views.TextsAsync(rows, AtItsEvent, reader, cancellation);
        var texts = rows.Zip(seen).ToDictionary(pair => pair.First.FromVersion, pair => pair.Second);
        return page with
        {
            Events =
            [
                .. page.Events.Select(e =>
                    texts.TryGetValue(e.Version, out var text)
                        ? e with
                        {
                            Html = text.Html,
                            PlainText = text.PlainText,
                        }
                        : e
                ),
            ],
        };

        // Its quotes are shown as they stood then.
        Moment AtItsEvent(PostRow row) =>
            new(row.FromVersion, page.Events[(int)(row.FromVersion - page.Events[0].Version)].At);
    }
}

public static class ReplayThreadEndpoint
{
    private const int PageSize = 100;

    private static readonly Refusal NoSuchSpeed = new(
        422,
        "speed-out-of-range",
        "A replay cannot run at this speed.",
        $"speed is how many times faster than it happened, {Rhythm.SlowestSpeed} to {Rhythm.FastestSpeed}."
    );

    /// <summary>
    /// A thread's events as server-sent events, in their own rhythm, sped up. Ids are versions: <c>Last-Event-ID</c>
    /// goes on after one, <c>from</c> starts at one. Where an event brought a text to the page, it comes with it, as it
    /// was then. The event named <c>end</c> is the last; after it a reconnecting EventSource gets 204. One named
    /// <c>stopped</c> ends a connection that has carried 10 MB: the next goes on after it.
    /// </summary>
    /// <param name="speed">How many times faster than it happened, from 1 to 10,000,000; 100 without it. No pause is longer than two seconds.</param>
    /// <param name="from">The version to start at, from 1 to the newest; 1 without it.</param>
    [WolverineGet("/api/threads/{threadId}/replay"), AllowAnonymous, DearRead(TakesTurnsItself = true)]
    [ProducesResponseType(
        typeof(HistoryEntry),
        200,
        "text/event-stream",
        Description = "The events, and one named end, or stopped, with the data {\"threadId\": \"…\", \"version\": 12}."
    )]
    [ProducesResponseType(204, Description = "Last-Event-ID is the last event's: there is no more.")]
    [ProducesResponseType(422, Description = "A replay cannot run at this speed.")]
    [ReadsHeader("Last-Event-ID", "The id of the last event that came, to go on after it; it goes before from.")]
    public static async Task<IResult> Get(
        Guid threadId,
        int? speed,
        long? from,
        ThreadHistory history,
        Replay replay,
        DearReads reads,
        TimeProvider clock,
        Readers readers,
        HiddenBoards hiddenBoards,
        HttpContext http
    )
    {
        var (invalid, lastId) = EventStream.LastId(http);
        var times = speed ?? Rhythm.DefaultSpeed;
        if (invalid is not null || times is < Rhythm.SlowestSpeed or > Rhythm.FastestSpeed)
        {
            return new Problem(invalid ?? NoSuchSpeed);
        }

        if (await history.VersionAsync(threadId, http.RequestAborted) is not { } version)
        {
            return new Problem(ThreadRefusals.NoSuchThread);
        }

        if (lastId >= version)
        {
            return TypedResults.NoContent();
        }

        if (lastId is null && (from < 1 || from > version))
        {
            return new Problem(Moments.NoSuchVersion);
        }

        var after = lastId ?? from - 1 ?? 0;
        var reader = await readers.OfAsync(http);
        return new EventStream(
            (writer, ended) =>
                PlayAsync(writer, threadId, after, times, replay, reads, clock, hiddenBoards, reader, ended)
        );
    }

    private static async Task PlayAsync(
        EventStream.Writer writer,
        Guid threadId,
        long after,
        int speed,
        Replay replay,
        DearReads reads,
        TimeProvider clock,
        HiddenBoards hiddenBoards,
        Reader who,
        CancellationToken ended
    )
    {
        DateTimeOffset? before = null;
        var version = after;
        for (long? cursor = after; cursor is { } next; )
        {
            if (await hiddenBoards.StillSeesAsync(who, threadId, ended) is not { } reader)
            {
                return;
            }

            ThreadHistoryPage? page;
            using (await reads.WaitForTurnAsync(ended))
            {
                page = await replay.ReadAsync(threadId, next, PageSize, reader, ended);
            }

            foreach (var entry in page?.Events ?? [])
            {
                if (
                    before is { } last
                    && Rhythm.PauseBetween(last, entry.At, speed) is var pause
                    && pause > TimeSpan.Zero
                )
                {
                    await writer.FlushAsync(ended);
                    await Task.Delay(pause, clock, ended);
                    if (await hiddenBoards.StillSeesAsync(who, threadId, ended) is null)
                    {
                        return;
                    }
                }

                writer.Write(entry.Version, entry);
                (before, version) = (entry.At, entry.Version);
                if (writer.Written >= Bounds.ReplayBytes)
                {
                    await EndAsync("stopped");
                    return;
                }
            }

            await writer.FlushAsync(ended);
            cursor = page?.Next;
        }

        await EndAsync("end");

        async Task EndAsync(string name)
        {
            writer.Write(version, new ReplayEnd(threadId, version), name);
            await writer.FlushAsync(ended);
        }
    }
}
