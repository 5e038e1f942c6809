using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>What an event of a batch changed.</summary>
/// <param name="ThreadId">Null where it changed how a member stands.</param>
/// <param name="PostId">Null where it changed the thread itself.</param>
/// <param name="PostThreadId">The thread that the post is in now.</param>
/// <param name="AboutId">Who wrote the post or started the thread, or the member.</param>
public sealed record BatchChange(
    string EventType,
    Guid? ThreadId,
    Guid? BoardId,
    string? Title,
    Guid? PostId,
    int? Number,
    Guid AboutId,
    Guid ActorId,
    DateTimeOffset At,
    string? Reason,
    long Position,
    Guid? PostThreadId
)
{
    /// <summary>Whether it moved posts to another thread, or gave them other numbers because others came or went.</summary>
    public bool IsMove => Acts.MoveEventTypes.Contains(EventType, StringComparer.Ordinal);

    public bool IsFor(Reader reader) => BoardId is { } board ? reader.Moderates(board) : reader.ModeratesForum;
}

/// <summary>Reads batches: those that have a stream of their own, and what a command did that is a batch of one.</summary>
public sealed class BatchQueries(NpgsqlDataSource database, MemberNames names)
{
    /// <summary>
    /// Of a batch without a stream of its own, only what a moderator did to what is another's: everyone removes and edits
    /// posts of their own. Of a silence, also the posts that wait because of it.
    /// </summary>
    private static readonly string Changes = $"""
        select e.type, t.id, (t.data ->> 'boardId')::uuid, t.data ->> 'title', p.post_id, p.number,
               coalesce(p.author_id, (t.data ->> 'starterId')::uuid, e.stream_id), e.user_name::uuid, e.timestamp, e.data ->> 'reason', e.position, p.thread_id
          from (select * from {MartenTables.Events} b where b.causation_id = $1 and b.{ModerationModule.IsIndexed}
                 union all
                select * from {MartenTables.Events} h where h.type = 'post_held' and h.data ->> 'silenceId' = $1) e
          left join {MartenTables.Documents}forumthread t on t.id = e.stream_id
          left join lateral (
                select (m ->> 'postId')::uuid as id
                  from jsonb_array_elements(case e.type when 'posts_moved_in' then (e.data -> 'posts') || (e.data -> 'renumbered')
                                                        when 'posts_moved_out' then e.data -> 'renumbered' else '[]' end) m) moved on true
          left join lateral (select post_id, number, author_id, thread_id from {PostTable.Table}
                              where post_id = coalesce(moved.id, (e.data ->> 'postId')::uuid) {PostTable.Newest}) p on true
         where ($2 or coalesce(p.author_id, case when e.type = 'thread_renamed' then (t.data ->> 'starterId')::uuid end)
                      is distinct from e.user_name::uuid)
         order by e.position
        """;

    private const string ThreadsOfPosts = $"select distinct thread_id from {PostTable.Table} where post_id = any($1)";

    private const string Begun = $"""
        select e.data ->> 'kind', e.data ->> 'reason', (e.data ->> 'undoneBatchId')::uuid, e.user_name::uuid, e.timestamp, e.position,
               (e.data ->> 'caseId')::uuid
          from {MartenTables.Events} e where stream_id = $1 and type = 'batch_applied'
        """;

    private const string Undone = $"""
        with recursive undo(id, undone) as (
            select id, undone_batch_id from {MartenTables.Documents}moderationbatch where undone_batch_id = any($1)
            union
            select d.id, d.undone_batch_id from {MartenTables.Documents}moderationbatch d join undo on d.undone_batch_id = undo.id)
        select id, undone from undo order by id
        """;

    /// <summary>SQL for whether a suspension came by itself with the warning that a batch is.</summary>
    /// <param name="batch">An expression for the batch's id.</param>
    public static string SuspendedAutomatically(string batch) =>
        $"""
            exists (select from {MartenTables.Events} came
                     where came.causation_id = {batch}::text and came.{ModerationModule.IsIndexed}
                       and came.type = 'member_suspended' and came.data ->> 'automatic' = 'true')
            """;

    /// <summary>
    /// What a batch changed; of one that undoes another, what the other one changed. Nothing when there is no such batch.
    /// </summary>
    internal async Task<IReadOnlyList<BatchChange>> ChangesAsync(Guid batchId, CancellationToken cancellation)
    {
        var begun = await BegunAsync(batchId, cancellation);
        return begun is { Undone: { } undone }
            ? await ChangesAsync(undone, cancellation)
            : await OwnChangesAsync(batchId, begun is not null, cancellation);
    }

    /// <summary>Null when there is no such batch, or it is about nothing that this reader moderates.</summary>
    public async Task<BatchView?> FindAsync(Guid batchId, Reader reader, CancellationToken cancellation)
    {
        var begun = await BegunAsync(batchId, cancellation);
        var changes = await ChangesAsync(batchId, cancellation);
        var seen = changes.Where(change => change.IsFor(reader)).ToList();
        if (seen.Count == 0)
        {
            return null;
        }

        var first = seen[0];
        var by = begun?.By ?? first.ActorId;
        var shown = seen.Take(BatchView.Most).ToList();
        var cards = await names.FindAsync(shown.Select(change => change.AboutId).Append(by), reader, cancellation);
        return new BatchView(
            batchId,
            begun?.Kind ?? Acts.KindOf(first.EventType),
            begun?.Reason ?? first.Reason,
            cards[by],
            begun?.At ?? first.At,
            begun?.Position ?? first.Position,
            begun?.Undone,
            begun?.CaseId,
            (await UndoneAsync([batchId], cancellation)).TryGetValue(batchId, out var undoneBy) ? undoneBy : null,
            seen.Select(change => change.PostId).OfType<Guid>().Distinct().Count(),
            seen.Select(change => change.ThreadId).OfType<Guid>().Distinct().Count(),
            seen.Select(change => change.AboutId).Distinct().Count(),
            seen.Count < changes.Count,
            [
                .. shown.Select(change => new BatchItem(
                    change.ThreadId,
                    change.Title,
                    change.PostId,
                    change.Number,
                    cards[change.AboutId]
                )),
            ]
        );
    }

    /// <summary>Those of some batches that are undone, with the batch by which they are.</summary>
    public async Task<IReadOnlyDictionary<Guid, Guid>> UndoneAsync(
        IEnumerable<Guid> batchIds,
        CancellationToken cancellation
    )
    {
        var wanted = batchIds.ToArray();
        await using var command = database.CreateCommand(Undone);
        command.Parameters.AddWithValue(wanted);
        var undoes = new List<(Guid Id, Guid Undone)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            undoes.Add((rows.GetGuid(0), rows.GetGuid(1)));
        }

        var byUndone = undoes.ToLookup(undo => undo.Undone, undo => undo.Id);
        return wanted
            .Select(batch => (Batch: batch, By: By(batch)))
            .Where(one => one.By is not null)
            .ToDictionary(one => one.Batch, one => one.By!.Value);

        Guid? By(Guid batch) =>
            byUndone[batch].Where(undo => By(undo) is null).Select(undo => (Guid?)undo).LastOrDefault();
    }

    /// <summary>Every thread that some posts have been in.</summary>
    internal async Task<IReadOnlyList<Guid>> ThreadsOfAsync(Guid[] postIds, CancellationToken cancellation)
    {
        var threads = new List<Guid>();
        if (postIds.Length == 0)
        {
            return threads;
        }

        await using var command = database.CreateCommand(ThreadsOfPosts);
        command.Parameters.AddWithValue(postIds);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            threads.Add(rows.GetGuid(0));
        }

        return threads;
    }

    private async Task<List<BatchChange>> OwnChangesAsync(Guid batchId, bool hasStream, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Changes);
        command.Parameters.AddWithValue(batchId.ToString());
        command.Parameters.AddWithValue(hasStream);
        var changes = new List<BatchChange>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            changes.Add(
                new BatchChange(
                    rows.GetString(0),
                    await rows.IsDBNullAsync(1, cancellation) ? null : rows.GetGuid(1),
                    await rows.IsDBNullAsync(2, cancellation) ? null : rows.GetGuid(2),
                    await rows.IsDBNullAsync(3, cancellation) ? null : rows.GetString(3),
                    await rows.IsDBNullAsync(4, cancellation) ? null : rows.GetGuid(4),
                    await rows.IsDBNullAsync(5, cancellation) ? null : rows.GetInt32(5),
                    rows.GetGuid(6),
                    rows.GetGuid(7),
                    rows.GetFieldValue<DateTimeOffset>(8),
                    await rows.IsDBNullAsync(9, cancellation) ? null : rows.GetString(9),
                    rows.GetInt64(10),
                    await rows.IsDBNullAsync(11, cancellation) ? null : rows.GetGuid(11)
                )
            );
        }

        return changes;
    }

    private async Task<BegunBatch?> BegunAsync(Guid batchId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Begun);
        command.Parameters.AddWithValue(batchId);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation)
            ? new BegunBatch(
                rows.GetString(0),
                rows.GetString(1),
                await rows.IsDBNullAsync(2, cancellation) ? null : rows.GetGuid(2),
                rows.GetGuid(3),
                rows.GetFieldValue<DateTimeOffset>(4),
                rows.GetInt64(5),
                await rows.IsDBNullAsync(6, cancellation) ? null : rows.GetGuid(6)
            )
            : null;
    }

    private sealed record BegunBatch(
        string Kind,
        string Reason,
        Guid? Undone,
        Guid By,
        DateTimeOffset At,
        long Position,
        Guid? CaseId
    );
}
