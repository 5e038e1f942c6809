using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Threads;

/// <summary>
/// Every post as rows that carry the thread versions between which they hold: <c>from_version</c> up to, not including,
/// <c>to_version</c>. The row without a <c>to_version</c> holds now. <c>from_at</c> is when it came to hold, <c>position</c> is
/// that of the event that made it so. A text in Markdown has no <c>format</c>, a post that came in its turn no <c>is_late</c>. The past and the present are one query.
/// </summary>
public sealed class PostTable : IProjection
{
    public const string Name = "Posts";

    public const string Table = Store.Schema + ".posts";

    /// <summary>
    /// Ends a query for the row that holds now, or held last by a version, among a post's rows: the last in the index on
    /// posts and revisions. <c>to_version is null</c> names the same row but is not in the index, so every row that the
    /// post ever had would be read. Versions of two threads cannot be compared, positions can.
    /// </summary>
    public const string Newest = "order by revision desc, position desc limit 1";

    /// <summary>Finds a post by its author: the row that it began with, and those that held when it came back.</summary>
    public const string FirstRow = "revision = 1 and removed_at is null";

    private const string Standing = $"""
        select {PostColumns.All}, p.to_version is not null
          from unnest($1) as k(post_id)
         cross join lateral (select * from {Table} where post_id = k.post_id {Newest}) p
        """;

    private const string Close =
        $"update {Table} set to_version = ? where thread_id = ? and number = ? and from_version = ?";

    /// <summary>Ends the rows of posts that leave a thread; those are not ended where it is told first that they came elsewhere.</summary>
    private const string Leave =
        $"update {Table} set to_version = ? where thread_id = ? and post_id = any(?) and to_version is null";

    private const string Redact = $"""
        update {Table} set body = '', masked = ?, masked_length = char_length(body)
         where post_id = ? and revision = any(?) and masked is null
        """;

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("thread_id").AsPrimaryKey();
        table.AddColumn<int>("number").AsPrimaryKey();
        table.AddColumn<long>("from_version").AsPrimaryKey();
        table.AddColumn<long>("to_version");
        table.AddColumn<long>("position").NotNull();
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
        table.AddColumn("masked", "text");
        table.AddColumn<int>("masked_length");
        table.AddColumn("format", "text");
        table.AddColumn<Guid>("parent_id");
        table.AddColumn<bool>("is_late");
        table.Indexes.Add(new IndexDefinition("posts_revision") { Columns = ["post_id", "revision", "position"] });
        table.Indexes.Add(
            // A row's to_version is not in it: it is all that changes in a row, which would then need new entries everywhere.
            new IndexDefinition("posts_removed") { Columns = ["post_id"], Predicate = "removed_at is not null" }
        );
        table.Indexes.Add(new IndexDefinition("posts_author") { Columns = ["author_id"], Predicate = FirstRow });
        return table;
    }

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        // An import hands over one stream after the other, and a post may have been in several.
        events = [.. events.OrderBy(e => e.Sequence)];
        var (closed, made, left) = PostTableRows.Of(await StandingAsync(operations, events, cancellation), events);
        foreach (var (row, toVersion) in closed)
        {
            operations.QueueSqlCommand(Close, toVersion, row.ThreadId, row.Number, row.FromVersion);
        }

        foreach (var e in left)
        {
            var posts = ((PostsMovedOut)e.Data).Posts.Select(post => post.PostId).ToArray();
            operations.QueueSqlCommand(Leave, e.Version, e.StreamId, posts);
        }

        PostTableInsert.Queue(operations, made);
        foreach (var redaction in events.Select(e => e.Data).OfType<RevisionRedacted>())
        {
            int[] revisions = [.. redaction.Revisions];
            operations.QueueSqlCommand(Redact, Text(Masking.Redacted), redaction.PostId, revisions);
            RenderedTextTable.QueueDelete(operations, redaction.PostId, revisions);
        }
    }

    /// <summary>As the table has it.</summary>
    internal static string Text(Masking masking) => masking.ToString().ToLowerInvariant();

    /// <summary>Posts that events of a page change and none of them writes. For replies nothing is read.</summary>
    private static async Task<List<(PostRow Row, bool HasEnded)>> StandingAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var written = new HashSet<Guid>();
        var changed = new HashSet<Guid>();
        foreach (var e in events)
        {
            foreach (var id in PostEvents.PostsOf(e.Data))
            {
                if (!written.Contains(id))
                {
                    (e.Data is IPostWritten ? written : changed).Add(id);
                }
            }
        }

        var standing = new List<(PostRow, bool)>(changed.Count);
        if (changed.Count == 0)
        {
            return standing;
        }

        await using var command = new NpgsqlCommand(Standing);
        command.Parameters.AddWithValue(changed.ToArray());
        await using var reader = await operations.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            standing.Add(
                (
                    PostColumns.Read((NpgsqlDataReader)reader),
                    await reader.GetFieldValueAsync<bool>(PostColumns.Count, cancellation)
                )
            );
        }

        return standing;
    }
}
