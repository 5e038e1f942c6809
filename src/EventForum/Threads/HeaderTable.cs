using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace EventForum.Threads;

/// <summary>
/// A thread's title, board, lock and pin as rows that hold from a version on: few, because replies do not change them.
/// </summary>
public sealed class HeaderTable : EventProjection
{
    public const string Table = Store.Schema + ".thread_headers";

    private const string Start = $"insert into {Table} (thread_id, from_version, board_id, title) values (?, ?, ?, ?)";

    private const string Rename = $"""
        insert into {Table} (from_version, title, thread_id, board_id, lock_reason, is_pinned)
        select ?, ?, thread_id, board_id, lock_reason, is_pinned from {Table}
         where thread_id = ? order by from_version desc limit 1
        """;

    private const string Lock = $"""
        insert into {Table} (from_version, lock_reason, thread_id, board_id, title, is_pinned)
        select ?, ?::text, thread_id, board_id, title, is_pinned from {Table}
         where thread_id = ? order by from_version desc limit 1
        """;

    private const string Pin = $"""
        insert into {Table} (from_version, is_pinned, thread_id, board_id, title, lock_reason)
        select ?, ?, thread_id, board_id, title, lock_reason from {Table}
         where thread_id = ? order by from_version desc limit 1
        """;

    public HeaderTable()
    {
        Name = "ThreadHeaders";
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("thread_id").AsPrimaryKey();
        table.AddColumn<long>("from_version").AsPrimaryKey();
        table.AddColumn<Guid>("board_id").NotNull();
        table.AddColumn("title", "text").NotNull();
        table.AddColumn("lock_reason", "text");
        table.AddColumn<bool>("is_pinned").NotNull().DefaultValueByExpression("false");
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown(Table);
    }

    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        switch (e.Data)
        {
            case ThreadStarted started:
                operations.QueueSqlCommand(Start, e.StreamId, e.Version, started.BoardId, started.Title);
                break;
            case ThreadRenamed renamed:
                operations.QueueSqlCommand(Rename, e.Version, renamed.Title, e.StreamId);
                break;
            case ThreadLocked locked:
                operations.QueueSqlCommand(Lock, e.Version, locked.Reason, e.StreamId);
                break;
            case ThreadUnlocked:
                operations.QueueSqlCommand(Lock, e.Version, null!, e.StreamId);
                break;
            case ThreadPinned:
            case ThreadUnpinned:
                operations.QueueSqlCommand(Pin, e.Version, e.Data is ThreadPinned, e.StreamId);
                break;
        }

        return ValueTask.CompletedTask;
    }
}
