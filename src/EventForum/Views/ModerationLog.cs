using System.ComponentModel.DataAnnotations;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What moderators did, a row a batch: what they did at once, and each command that is a batch of one.</summary>
public sealed class ModerationLog : IView<ModerationLog.Entry>
{
    public string Name => "moderation-log";

    public int Version => 2;

    public string Summary => "What moderators did: who, what, to whom, where, why.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["position"],
            ["actor_id", "position"],
        ];

    /// <param name="IsWhole">Whether it is told by its own stream; else by the one event that there is.</param>
    public sealed record Entry(
        [property: Key] Guid BatchId,
        long Position = 0,
        DateTimeOffset At = default,
        Guid ActorId = default,
        string Kind = "",
        string? Reason = null,
        IReadOnlyList<Guid>? BoardIds = null,
        IReadOnlyList<Guid>? MemberIds = null,
        Guid? ThreadId = null,
        Guid? PostId = null,
        int Posts = 0,
        int Threads = 0,
        Guid? UndoneBatchId = null,
        Guid? CaseId = null,
        bool IsWhole = false
    );

    public IEnumerable<Entry> RowsOf(ViewEvent e) =>
        e.Data is BatchApplied ? [new Entry(e.Event.StreamId)]
        : e.Thread is { } thread && Acts.IsAct(e.Event.EventTypeName) && IsOfAModerator(e, thread)
            ? [new Entry(e.Event.BatchId())]
        : [];

    public Entry Evolve(Entry row, ViewEvent e) =>
        e.Data is BatchApplied done
            ? row with
            {
                Position = e.Position,
                At = e.At,
                ActorId = e.ActorId,
                Kind = done.Kind,
                Reason = done.Reason,
                BoardIds = done.BoardIds,
                MemberIds = done.MemberIds,
                ThreadId = done.ThreadIds is [var thread] ? thread : null,
                PostId = done.PostIds is [var post] ? post : null,
                Posts = done.PostIds.Count,
                Threads = done.ThreadIds.Count,
                UndoneBatchId = done.UndoneBatchId,
                CaseId = done.CaseId,
                IsWhole = true,
            }
        : row.IsWhole ? row
        : row with
        {
            Position = e.Position,
            At = e.At,
            ActorId = e.ActorId,
            Kind = Acts.KindOf(e.Event.EventTypeName),
            Reason = ReasonOf(e.Data),
            BoardIds = [e.Thread!.BoardId],
            MemberIds = [e.Post?.AuthorId ?? e.Thread.StarterId],
            ThreadId = e.Thread.Id,
            PostId = e.Post?.Id,
            Posts = e.Post is null ? 0 : 1,
            Threads = 1,
        };

    private static bool IsOfAModerator(ViewEvent e, ThreadFacts thread) =>
        e.Post is { } post ? post.AuthorId != e.ActorId : e.Data is not ThreadRenamed || e.ActorId != thread.StarterId;

    private static string? ReasonOf(object data) =>
        data switch
        {
            PostEdited e => e.Reason,
            PostRemoved e => e.Reason,
            PostRestored e => e.Reason,
            PostHoldsRestored e => e.Reason,
            ThreadRenamed e => e.Reason,
            ThreadLocked e => e.Reason,
            ThreadUnlocked e => e.Reason,
            ThreadPinned e => e.Reason,
            ThreadUnpinned e => e.Reason,
            ThreadMoved e => e.Reason,
            _ => null,
        };

    /// <summary>A batch in the log.</summary>
    /// <param name="Kind">remove-posts, lock-threads, undo and so on.</param>
    /// <param name="Moderator">The name of who did it.</param>
    /// <param name="ThreadId">The thread, where it is one.</param>
    /// <param name="Title">That thread's title now.</param>
    /// <param name="PostId">The post, where it is one.</param>
    /// <param name="Posts">How many posts it changed.</param>
    /// <param name="Threads">How many threads it changed, or whose posts it changed.</param>
    /// <param name="Members">The names of up to ten members whose posts and threads they are.</param>
    /// <param name="Boards">The names of the boards.</param>
    /// <param name="UndoneBatchId">The batch that it undoes; null for another kind than undo.</param>
    /// <param name="CaseId">The case that it resolved; null for none.</param>
    /// <param name="SuspendedAutomatically">A warning that brought the member's points to a threshold: a suspension came with it.</param>
    /// <param name="IsUndone">Whether it is undone.</param>
    public sealed record LoggedBatch(
        long Position,
        Guid BatchId,
        DateTimeOffset At,
        string Kind,
        Guid ModeratorId,
        string Moderator,
        string? Reason,
        Guid? ThreadId,
        string? Title,
        Guid? PostId,
        int Posts,
        int Threads,
        IReadOnlyList<string> Members,
        IReadOnlyList<string> Boards,
        Guid? UndoneBatchId,
        Guid? CaseId,
        bool SuspendedAutomatically,
        bool IsUndone = false
    );

    /// <summary>
    /// What moderators did, the newest first, for moderators: of several boards, what is in those only that this one
    /// moderates. The next page comes before the last position of this one.
    /// </summary>
    /// <param name="moderator">Only by this member.</param>
    /// <param name="member">Only what was done to posts and threads of this member.</param>
    /// <param name="board">Only in this board.</param>
    /// <param name="kind">Only of this kind.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="before">Only at lower positions.</param>
    /// <param name="limit">How many batches, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. Of a file there is no such limit: all, without it.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with a batch a line: then all pages come at once. Accept says the same by application/jsonl and text/csv.</param>
    [WolverineGet("/api/moderation/log"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<LoggedBatch>), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators see what moderators did.")]
    public static async Task<IResult> Get(
        Guid? moderator,
        Guid? member,
        Guid? board,
        string? kind,
        DateTimeOffset? from,
        DateTimeOffset? to,
        long? before,
        int? limit,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        ModerationLogs logs,
        HttpContext http
    ) =>
        await LogFiles.AnswerAsync<LoggedBatch>(
            "moderation-log",
            format,
            limit,
            (last, size) =>
                logs.ReadAsync(
                    new LogFilter(moderator, member, board, kind, from, to, last?.Position ?? before, size),
                    minPosition,
                    http
                ),
            http
        );
}

/// <summary>Answers with a page of a log, or with a file of all its pages.</summary>
internal static class LogFiles
{
    private const int PageSize = 500;

    /// <param name="read">Reads the page after a row: so many rows at most. Null for the first page.</param>
    public static async Task<IResult> AnswerAsync<T>(
        string name,
        string? format,
        int? limit,
        Func<T?, int, Task<(Refusal? Refusal, ViewAnswer<T>? Answer)>> read,
        HttpContext http
    )
        where T : class
    {
        if (RowForms.Wanted(http, format) is not { } form)
        {
            return new Problem(RowForms.Unknown);
        }

        http.Response.Headers.Vary = "Accept";
        var most = Math.Max(limit ?? (form == RowForm.Json ? 50 : int.MaxValue), 1);
        var (refusal, first) = await read(null, Math.Min(most, PageSize));
        return first is null ? new Problem(refusal!)
            : form == RowForm.Json ? new Tagged<ViewAnswer<T>>(first)
            : new RowFile<T>(name, form, PagesAsync(first.Rows));

        async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync(IReadOnlyList<T> page)
        {
            for (var left = most; ; )
            {
                yield return page;
                left -= page.Count;
                if (page.Count < PageSize || left <= 0)
                {
                    yield break;
                }

                var (_, next) = await read(page[^1], Math.Min(left, PageSize));
                // Half a file is not to look like a whole one.
                page = next?.Rows ?? throw new InvalidOperationException($"The rest of {name} cannot be read.");
            }
        }
    }
}

/// <summary>Which batches of the log are wanted.</summary>
public sealed record LogFilter(
    Guid? Moderator,
    Guid? Member,
    Guid? Board,
    string? Kind,
    DateTimeOffset? From,
    DateTimeOffset? To,
    long? Before,
    int Limit
);

/// <summary>Reads the moderation log, for its endpoint and its page.</summary>
public sealed class ModerationLogs(
    ViewQueries views,
    BatchQueries batches,
    Readers readers,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database
)
{
    private const string Boards = $"select id from {MartenTables.Documents}board";

    public async Task<(Refusal? Refusal, ViewAnswer<ModerationLog.LoggedBatch>? Answer)> ReadAsync(
        LogFilter filter,
        long? minPosition,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        if (!reader.IsModerator)
        {
            return (ModerationRefusals.ModeratorsOnly, null);
        }

        // What is in a board that is another moderator's is not this one's to read.
        Guid[]? others = null;
        if (!reader.ModeratesAllBoards)
        {
            await using var command = database.CreateCommand(Boards);
            await using var rows = await command.ExecuteReaderAsync(http.RequestAborted);
            var ids = new List<Guid>();
            while (await rows.ReadAsync(http.RequestAborted))
            {
                ids.Add(rows.GetGuid(0));
            }

            others = [.. ids.Where(id => !reader.Moderates(id))];
        }

        var (refusal, answer) = await views.ReadAsync<ModerationLog, ModerationLog.LoggedBatch>(
            http,
            minPosition,
            Sql,
            ("others", others),
            ("forum", reader.ModeratesForum),
            ("moderator", filter.Moderator),
            ("member", filter.Member?.ToString()),
            ("board", filter.Board?.ToString()),
            ("kind", filter.Kind),
            ("from", filter.From?.ToUniversalTime()),
            ("to", filter.To?.ToUniversalTime()),
            ("before", filter.Before),
            ("limit", filter.Limit)
        );
        if (answer is null)
        {
            return (refusal, null);
        }

        var undone = await batches.UndoneAsync(answer.Rows.Select(row => row.BatchId), http.RequestAborted);
        return (
            null,
            answer with
            {
                Rows = [.. answer.Rows.Select(row => row with { IsUndone = undone.ContainsKey(row.BatchId) })],
            }
        );
    }

    private static string Sql(string table) =>
        $"""
            select l.position, l.batch_id, l.at, l.kind, l.actor_id as moderator_id,
                   {ViewSql.MemberName("l.actor_id")} as moderator, l.reason,
                   l.thread_id, {ViewSql.Title("l.thread_id")} as title, l.post_id, l.posts, l.threads,
                   (select coalesce(jsonb_agg({ViewSql.MemberName("m.id::uuid")}), '[]')
                      from (select id from jsonb_array_elements_text(l.member_ids) m(id) limit 10) m) as members,
                   (select coalesce(jsonb_agg({ViewSql.BoardName("b.id::uuid")}), '[]')
                      from jsonb_array_elements_text(l.board_ids) b(id)) as boards,
                   l.undone_batch_id, l.case_id,
                   l.kind = 'warn-member' and exists (select from {MartenTables.Events} e
                           where e.causation_id = l.batch_id::text and e.{ModerationModule.IsIndexed}
                             and e.type = 'member_suspended' and e.data ->> 'automatic' = 'true') as suspended_automatically
              from {table} l
             where (@others::uuid[] is null
                    or not exists (select from jsonb_array_elements_text(l.board_ids) b(id) where b.id::uuid = any(@others)))
               and (@forum or jsonb_array_length(l.board_ids) > 0)
               and (l.thread_id is null or {ViewSql.Seen(ViewSql.BoardOf("l.thread_id"))})
               and not exists (select from jsonb_array_elements_text(l.board_ids) b(id) where not {ViewSql.Seen(
                "b.id::uuid"
            )})
               and (@moderator::uuid is null or l.actor_id = @moderator)
               and (@member::text is null or l.member_ids ? @member)
               and (@board::text is null or l.board_ids ? @board)
               and (@kind::text is null or l.kind = @kind)
               and (@from::timestamptz is null or l.at >= @from) and (@to::timestamptz is null or l.at < @to)
               and (@before::bigint is null or l.position < @before)
             order by l.position desc limit @limit
            """;
}
