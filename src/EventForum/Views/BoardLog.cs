using EventForum.Boards;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What moderators did in a board, as everybody reads it who sees the board: without anybody's name.</summary>
/// <param name="Kind">remove-posts, lock-threads, undo and so on.</param>
/// <param name="ThreadId">The thread, where it is one and in this board.</param>
/// <param name="Title">That thread's title now.</param>
/// <param name="Posts">How many posts it changed; null where it was about several boards.</param>
/// <param name="Threads">How many threads it changed, or whose posts it changed; null where it was about several boards.</param>
/// <param name="UndoneBatchId">The batch that it undoes; null for another kind than undo.</param>
/// <param name="IsUndone">Whether it is undone.</param>
public sealed record PublicBatch(
    Guid BatchId,
    DateTimeOffset At,
    string Kind,
    string? Reason,
    Guid? ThreadId,
    string? Title,
    int? Posts,
    int? Threads,
    Guid? UndoneBatchId,
    bool IsUndone = false
);

/// <summary>Reads what moderators did in a board that shows it, for its endpoint and its page.</summary>
public sealed class BoardLogs(ViewQueries views, BatchQueries batches, Readers readers, ReadDatabase reads)
{
    public async Task<(Refusal? Refusal, Board? Board, ViewAnswer<PublicBatch>? Answer)> ReadAsync(
        Guid boardId,
        Guid? before,
        int limit,
        long? minPosition,
        HttpContext http
    )
    {
        await using var opened = await reads.OpenSessionAsync(http.RequestAborted);
        var reader = await readers.OfAsync(http);
        var board =
            boardId != Guid.Empty && reader.Sees(boardId)
                ? await opened.Query.LoadAsync<Board>(boardId, http.RequestAborted)
                : null;
        if (board is null || !reader.SeesLog(boardId))
        {
            return (board is null ? BoardRefusals.NoSuchBoard : BoardRefusals.LogNotPublic, null, null);
        }

        var (refusal, answer) = await views.ReadAsync<ModerationLog, PublicBatch>(
            http,
            minPosition,
            Sql,
            ("board", boardId),
            ("before", before),
            ("limit", limit)
        );
        if (answer is null)
        {
            return (refusal, board, null);
        }

        var undone = await batches.UndoneAsync(answer.Rows.Select(row => row.BatchId), http.RequestAborted);
        return (
            null,
            board,
            answer with
            {
                Rows = [.. answer.Rows.Select(row => row with { IsUndone = undone.ContainsKey(row.BatchId) })],
            }
        );
    }

    /// <summary>A page comes after a batch rather than a position, which would tell how much happens elsewhere.</summary>
    private static string Sql(string table) =>
        $"""
            select l.batch_id, l.at, l.kind, l.reason,
                   case when {ViewSql.BoardOf("l.thread_id")} = @board then l.thread_id end as thread_id,
                   case when {ViewSql.BoardOf("l.thread_id")} = @board then {ViewSql.Title("l.thread_id")} end as title,
                   case when jsonb_array_length(l.board_ids) = 1 then l.posts end as posts,
                   case when jsonb_array_length(l.board_ids) = 1 then l.threads end as threads,
                   l.undone_batch_id
              from {table} l
             where l.board_ids ? @board::text and {ViewSql.Seen("@board::uuid")}
               and (@before::uuid is null or l.position < (select b.position from {table} b where b.batch_id = @before))
             order by l.position desc limit @limit
            """;
}

public static class GetBoardLogEndpoint
{
    /// <summary>
    /// What moderators did in a board, the newest first: what, when, why, in which thread; no names. For everybody who sees
    /// the board, where an admin had it show this; else for who moderates it. The next page comes before the last batch of this one.
    /// </summary>
    /// <param name="before">Only what was done before this batch.</param>
    /// <param name="limit">How many batches, from 1 to 500; 50 without it. Of a file there is no such limit: all, without it.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with a batch a line. Accept says the same by application/jsonl and text/csv.</param>
    [WolverineGet("/api/boards/{boardId}/moderation-log"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<PublicBatch>), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "This board shows only to moderators what they do.")]
    public static Task<IResult> Get(
        Guid boardId,
        Guid? before,
        int? limit,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLogs logs,
        HttpContext http
    ) =>
        LogFiles.AnswerAsync<PublicBatch>(
            "moderation-log",
            format,
            limit,
            async (last, size) =>
            {
                var (refusal, _, answer) = await logs.ReadAsync(
                    boardId,
                    last?.BatchId ?? before,
                    size,
                    minPosition,
                    http
                );
                return (refusal, answer);
            },
            http
        );
}
