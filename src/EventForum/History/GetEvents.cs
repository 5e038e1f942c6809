using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>What happened in the forum, in one order that never changes: nothing is ever put in before what was read.</summary>
/// <param name="Next">
/// Pass it as <c>after</c>, any time later, to go on. A page of long texts is short; with a filter one may be short, even
/// empty, before the end.
/// </param>
/// <param name="AtEnd">There is no more at the moment.</param>
public sealed record FeedPage(IReadOnlyList<HistoryEntry> Events, long Next, bool AtEnd);

/// <summary>Reads everything that happened in the forum, by position.</summary>
public sealed class Feed(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    HistoryEntries entries,
    KnownEvents known,
    DearReads reads
)
{
    public const int MaxLimit = 500;

    private const string Page = $"""
        select {EventRow.Columns}, s.type
          from {MartenTables.Events} e join {MartenTables.Streams} s on s.id = e.stream_id
         where e.position > $1 and e.position <= $2 and e.type <> 'tombstone' and e.type <> all($6) and ($3::text[] is null or e.type = any($3))
           and ($5::uuid[] is null
                or coalesce((select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = e.stream_id),
                            e.stream_id) <> all($5))
         order by e.position limit $4
        """;

    private const string WindowEnd = $"""
        select max(position) from (select position from {MartenTables.Events} e
                                    where position > $1 and position <= $2 order by position limit $3) w
        """;

    private readonly SharedWork<(long, long, int, string?, string), (Refusal? Refusal, FeedPage? Page)> pages = new();

    /// <summary>
    /// A page, or a refusal when too many look at the past already. Those who follow the feed all ask for the same page.
    /// </summary>
    /// <param name="settled">Nothing beyond this position is read.</param>
    internal Task<(Refusal? Refusal, FeedPage? Page)> ReadAsync(
        long after,
        long settled,
        int limit,
        string[]? types,
        Reader reader,
        CancellationToken cancellation
    ) =>
        pages.RunAsync(
            (after, settled, limit, types is null ? null : string.Join(',', types), reader.Scope),
            token => reads.RunAsync(() => ReadPageAsync(after, settled, limit, types, reader, token), token),
            cancellation
        );

    private async Task<FeedPage> ReadPageAsync(
        long after,
        long settled,
        int limit,
        string[]? types,
        Reader reader,
        CancellationToken cancellation
    )
    {
        // A cursor is the position of an event that is stored, so that it means the same after a crash of the database.
        var isFiltered = types is not null || !reader.SeesAllBoards;
        var end = !isFiltered ? settled : await WindowEndAsync(after, settled, cancellation);
        if (end <= after)
        {
            return new FeedPage([], after, true);
        }

        var (rows, isFull) = await EventSlices.ReadAsync(Slice, limit, null, cancellation);
        var next = isFull || !isFiltered ? rows.Select(row => row.Position).LastOrDefault(after) : end;
        return new FeedPage(
            await entries.OfAsync(rows, reader, cancellation),
            next,
            !isFull && (!isFiltered || end == await WindowEndAsync(next, settled, cancellation))
        );

        NpgsqlCommand Slice(EventRow? last, int count)
        {
            var command = database.CreateCommand(Page);
            command.Parameters.AddWithValue(last?.Position ?? after);
            command.Parameters.AddWithValue(end);
            command.Parameters.Add(ThreadHistory.Text(types, NpgsqlDbType.Array | NpgsqlDbType.Text));
            command.Parameters.AddWithValue(count);
            command.Parameters.Add(reader.HiddenBoardsParameter());
            command.Parameters.AddWithValue(known.HiddenFrom(reader));
            return command;
        }
    }

    private async Task<long> WindowEndAsync(long after, long settled, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(WindowEnd);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(settled);
        command.Parameters.AddWithValue(Bounds.FilteredEvents);
        return await command.ExecuteScalarAsync(cancellation) as long? ?? after;
    }
}

public static class GetEventsEndpoint
{
    /// <summary>A stream has time: it asks again when too many look at the past.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Everything that happened in the forum, from a position on. <c>types</c> takes event types separated by commas.
    /// With <c>Accept: text/event-stream</c> it goes on with what happens from then on, as server-sent events whose ids
    /// are positions; <c>Last-Event-ID</c> goes on where a connection broke.
    /// </summary>
    /// <param name="after">A position: the <c>next</c> of the page before, or the <c>position</c> of an event. Without it, the forum's first event comes first.</param>
    /// <param name="limit">How many events, from 1 to 500; 100 without it. What lies beyond is taken for the nearest. A stream has no limit.</param>
    /// <param name="types">Types of events, separated by commas; all without it. There are account_claimed, account_merged, appeal_decided, batch_applied, batch_undone, board_closed, board_created, board_described, board_permissions_changed, board_renamed, board_reopened, case_dismissed, case_noted, case_resolved, case_taken, decision_appealed, member_erased, member_registered, member_silenced, member_suspended, member_warned, moderation_log_published, post_edited, post_held, post_holds_restored, post_removed, post_reported, post_restored, posts_moved_in, posts_moved_out, reasons_expired, reply_posted, retention_applied, revision_redacted, roles_granted, silence_lifted, standing_restored, subject_expired, suspension_lifted, thread_locked, thread_moved, thread_pinned, thread_renamed, thread_split_off, thread_started, thread_unlocked, thread_unpinned, title_granted, token_roles_changed, view_event_skipped, view_paused, view_resumed and words_erased.</param>
    [WolverineGet("/api/events"), AllowAnonymous, DearRead(TakesTurnsItself = true)]
    [ProducesResponseType(typeof(FeedPage), 200)]
    [ProducesResponseType(typeof(HistoryEntry), 200, "text/event-stream")]
    [ProducesResponseType(422, Description = "There is no such type of event.")]
    [ReadsHeader("Last-Event-ID", "The id of the last event that came, to go on after it; it goes before after.")]
    public static async Task<IResult> Get(
        long? after,
        int? limit,
        string? types,
        Feed feed,
        KnownEvents known,
        SettledPosition settled,
        TimeProvider clock,
        Readers readers,
        HttpContext http
    )
    {
        var (refusal, wanted) = known.TypesIn(types);
        var (invalid, lastId) = EventStream.LastId(http);
        if ((refusal ?? invalid) is { } no)
        {
            return new Problem(no);
        }

        var start = Math.Max(0, lastId ?? after ?? 0);
        var count = Math.Clamp(limit ?? 100, 1, Feed.MaxLimit);
        var reader = await readers.OfAsync(http);
        if (EventStream.IsWanted(http))
        {
            return new EventStream(
                (writer, ended) => FollowAsync(writer, start, wanted, feed, settled, clock, readers, reader, ended)
            );
        }

        http.Response.Headers.Vary = "Accept";
        var now = await settled.NowAsync(http.RequestAborted);
        var (busy, page) = await feed.ReadAsync(start, now, count, wanted, reader, http.RequestAborted);
        return busy is not null ? new Problem(busy) : new Tagged<FeedPage>(page!);
    }

    private static async Task FollowAsync(
        EventStream.Writer writer,
        long position,
        string[]? types,
        Feed feed,
        SettledPosition settled,
        TimeProvider clock,
        Readers readers,
        Reader reader,
        CancellationToken ended
    )
    {
        var upTo = await settled.NowAsync(ended);
        while (true)
        {
            reader = await readers.NowAsync(reader, ended);
            var (_, page) = await feed.ReadAsync(position, upTo, Feed.MaxLimit, types, reader, ended);
            if (page is null)
            {
                await Task.Delay(AfterRefusal, clock, ended);
                continue;
            }

            foreach (var entry in page.Events)
            {
                writer.Write(entry.Position, entry);
            }

            if (page.Next != (page.Events.Count == 0 ? position : page.Events[^1].Position))
            {
                writer.Mark(page.Next);
            }

            position = page.Next;
            await writer.FlushAsync(ended);
            if (page.AtEnd)
            {
                var known = upTo;
                upTo = await settled.BeyondAsync(known, EventStream.Silence, ended);
                if (upTo == known)
                {
                    writer.Breathe();
                }
            }
        }
    }
}
