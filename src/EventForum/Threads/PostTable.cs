using System.Text.Json;
using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.Threads;

/// <summary>
/// Every post as rows that carry the thread versions between which they hold: <c>from_version</c> up to, not including,
/// <c>to_version</c>. The row without a <c>to_version</c> holds now. <c>from_at</c> is when it came to hold. The past and the present are one query.
/// </summary>
public sealed class PostTable : EventProjection
{
    public const string Table = Store.Schema + ".posts";

    /// <summary>
    /// Ends a query for the row that holds now, or held last by a version, among a post's rows: the last in the index on
    /// posts and revisions. <c>to_version is null</c> names the same row but is not in the index, so every row that the
    /// post ever had would be read.
    /// </summary>
    public const string Newest = "order by revision desc, from_version desc limit 1";

    private const string Insert = $"""
        insert into {Table} (thread_id, number, from_version, from_at, post_id, author_id, posted_at, body, quotes, answered_version, revision)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::bigint, 1)
        """;

    private const string Kept =
        "thread_id, number, post_id, author_id, posted_at, answered_version, body, quotes, revision, edited_at, edited_by, edit_reason";

    private const string Close = $"""
        with old as (
            update {Table} set to_version = ?
             where (thread_id, number, from_version) = (
                   select thread_id, number, from_version from {Table} where post_id = ? {Newest})
            returning *)
        """;

    private const string Shown = "removed_at, removed_by, removal_reason";

    /// <summary>The author's hold while the moderators' is shown.</summary>
    private const string Behind = "author_removed_at, author_removal_reason";

    private const string Edit = $"""
        {Close}
        insert into {Table} (from_version, thread_id, number, post_id, author_id, posted_at, answered_version,
                            {Shown}, {Behind}, revision, body, quotes, from_at, edited_at, edited_by, edit_reason)
        select to_version, thread_id, number, post_id, author_id, posted_at, answered_version,
               {Shown}, {Behind}, revision + 1, ?, ?::jsonb, ?, ?, ?, ?::text from old
        """;

    /// <summary>As <see cref="Holds.With"/> does it.</summary>
    private const string Remove = $"""
        {Close},
        hold as (select ?::timestamptz as at, ?::uuid as by, ?::text as reason)
        insert into {Table} (from_version, {Kept}, from_at, {Shown}, {Behind})
        select to_version, {Kept}, hold.at,
               case when is_behind then removed_at else hold.at end,
               case when is_behind then removed_by else hold.by end,
               case when is_behind then removal_reason else hold.reason end,
               case when is_behind then hold.at when is_overtaken then removed_at else author_removed_at end,
               case when is_behind then hold.reason when is_overtaken then removal_reason else author_removal_reason end
          from old cross join hold
         cross join lateral (
                select hold.by = author_id and coalesce(removed_by <> author_id, false) as is_behind,
                       hold.by <> author_id and coalesce(removed_by = author_id, false) as is_overtaken) how
        """;

    /// <summary>As <see cref="Holds.LiftedBy"/> does it.</summary>
    private const string Restore = $"""
        {Close},
        act as (select ?::timestamptz as at, ?::uuid as by)
        insert into {Table} (from_version, {Kept}, from_at, {Shown})
        select to_version, {Kept}, act.at,
               case when act.by = author_id then removed_at else author_removed_at end,
               case when act.by = author_id then removed_by else author_id end,
               case when act.by = author_id then removal_reason else author_removal_reason end
          from old cross join act
         where author_removed_at is not null
        union all
        select to_version, {Kept}, act.at, null, null, null from old cross join act where author_removed_at is null
        """;

    public PostTable()
    {
        Name = "Posts";
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("thread_id").AsPrimaryKey();
        table.AddColumn<int>("number").AsPrimaryKey();
        table.AddColumn<long>("from_version").AsPrimaryKey();
        table.AddColumn<long>("to_version");
        table.AddColumn<DateTimeOffset>("from_at").NotNull();
        table.AddColumn<Guid>("post_id").NotNull();
        table.AddColumn<Guid>("author_id").NotNull();
        table.AddColumn<DateTimeOffset>("posted_at").NotNull();
        table.AddColumn<long>("answered_version");
        table.AddColumn<int>("revision").NotNull();
        table.AddColumn<string>("body").NotNull();
        table.AddColumn("quotes", "jsonb").NotNull();
        table.AddColumn<DateTimeOffset>("edited_at");
        table.AddColumn<Guid>("edited_by");
        table.AddColumn("edit_reason", "text");
        table.AddColumn<DateTimeOffset>("removed_at");
        table.AddColumn<Guid>("removed_by");
        table.AddColumn("removal_reason", "text");
        table.AddColumn<DateTimeOffset>("author_removed_at");
        table.AddColumn("author_removal_reason", "text");
        table.Indexes.Add(new IndexDefinition("posts_revision") { Columns = ["post_id", "revision", "from_version"] });
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown(Table);
    }

    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        Queue(operations, e);
        return ValueTask.CompletedTask;
    }

    private static void Queue(IDocumentOperations operations, IEvent e)
    {
        switch (e.Data)
        {
            case ThreadStarted started:
                operations.QueueSqlCommand(
                    Insert,
                    e.StreamId,
                    1,
                    e.Version,
                    e.Timestamp,
                    started.PostId,
                    e.ActorId(),
                    e.Timestamp,
                    started.Body,
                    Json(started.Quotes),
                    null!
                );
                break;
            case ReplyPosted posted:
                operations.QueueSqlCommand(
                    Insert,
                    e.StreamId,
                    posted.Number,
                    e.Version,
                    e.Timestamp,
                    posted.PostId,
                    e.ActorId(),
                    e.Timestamp,
                    posted.Body,
                    Json(posted.Quotes),
                    posted.AnsweredVersion
                );
                break;
            case PostEdited edited:
                operations.QueueSqlCommand(
                    Edit,
                    e.Version,
                    edited.PostId,
                    edited.Body,
                    Json(edited.Quotes),
                    e.Timestamp,
                    e.Timestamp,
                    e.ActorId(),
                    edited.Reason!
                );
                break;
            case PostRemoved removed:
                operations.QueueSqlCommand(
                    Remove,
                    e.Version,
                    removed.PostId,
                    e.Timestamp,
                    e.ActorId(),
                    removed.Reason!
                );
                break;
            case PostRestored restored:
                operations.QueueSqlCommand(Restore, e.Version, restored.PostId, e.Timestamp, e.ActorId());
                break;
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
