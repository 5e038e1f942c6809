using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// A thread's title, board, lock, pin and, where posts came or went, numbers as rows that hold from a version on: few, because replies do not change them.
/// </summary>
public sealed class HeaderTable : IProjection
{
    public const string Name = "ThreadHeaders";

    public const string Table = Store.Schema + ".thread_headers";

    private const string Standing = $"""
        select t.thread_id, h.board_id, h.title, h.lock_reason, h.is_pinned,
               h.numbers_version, h.last_number, h.unused, h.moved_to
          from unnest($1) as t(thread_id)
         cross join lateral (
                select * from {Table} where thread_id = t.thread_id order by from_version desc limit 1) h
        """;

    private const string Insert = $"""
        insert into {Table} (thread_id, from_version, board_id, title, lock_reason, is_pinned,
                            numbers_version, last_number, unused, moved_to)
        values (?, ?, ?, ?, ?::text, ?, ?::bigint, ?::int, ?::int, ?::uuid)
        """;

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("thread_id").AsPrimaryKey();
        table.AddColumn<long>("from_version").AsPrimaryKey();
        table.AddColumn<Guid>("board_id").NotNull();
        table.AddColumn("title", "text").NotNull();
        table.AddColumn("lock_reason", "text");
        table.AddColumn<bool>("is_pinned").NotNull().DefaultValueByExpression("false");
        table.AddColumn<long>("numbers_version");
        table.AddColumn<int>("last_number");
        table.AddColumn<int>("unused");
        table.AddColumn<Guid>("moved_to");
        return table;
    }

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var changes = events.Where(ThreadHeader.IsChangedBy).ToList();
        var headers = await StandingAsync(
            operations,
            [.. changes.Where(e => e.Data is not (ThreadStarted or ThreadSplitOff)).Select(e => e.StreamId).Distinct()],
            cancellation
        );
        foreach (var e in changes)
        {
            if (ThreadHeader.Fold(headers.GetValueOrDefault(e.StreamId), e) is { } header)
            {
                headers[e.StreamId] = header;
                operations.QueueSqlCommand(
                    Insert,
                    e.StreamId,
                    e.Version,
                    header.BoardId,
                    header.Title,
                    header.LockReason!,
                    header.IsPinned,
                    header.Numbers?.Version!,
                    header.Numbers?.Last!,
                    header.Numbers?.Unused!,
                    header.Numbers?.MovedTo!
                );
            }
        }
    }

    /// <summary>The headers of threads before the events of a page.</summary>
    private static async Task<Dictionary<Guid, ThreadHeader>> StandingAsync(
        IDocumentOperations operations,
        Guid[] threadIds,
        CancellationToken cancellation
    )
    {
        var headers = new Dictionary<Guid, ThreadHeader>();
        if (threadIds.Length == 0)
        {
            return headers;
        }

        await using var command = new NpgsqlCommand(Standing);
        command.Parameters.AddWithValue(threadIds);
        await using var reader = await operations.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            headers[reader.GetGuid(0)] = new ThreadHeader(
                reader.GetGuid(1),
                reader.GetString(2),
                await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetString(3),
                reader.GetBoolean(4),
                await reader.IsDBNullAsync(5, cancellation)
                    ? null
                    : new ThreadNumbers(
                        reader.GetInt64(5),
                        reader.GetInt32(6),
                        reader.GetInt32(7),
                        await reader.IsDBNullAsync(8, cancellation) ? null : reader.GetGuid(8)
                    )
            );
        }

        return headers;
    }
}
