using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace EventForum.Members;

/// <summary>
/// When each member wrote its first, second … post, up to the <see cref="Kept"/>th, by the times of the events: whether
/// a member had come to a number of posts at some time is one probe, whatever the ladder's rungs are. Updated by the
/// daemon, a moment after the fact.
/// </summary>
public sealed class FirstPosts : IProjection
{
    public const string Name = "FirstPosts";

    public const string Table = Store.Schema + ".first_posts";

    /// <summary>Rungs of the ladder above this many posts are not told apart in the past.</summary>
    public const int Kept = 1_000;

    private static readonly string Number = Numbering(
        Table,
        "select * from unnest(?, ?) as x(member_id, at)",
        "member_id"
    );

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("member_id").AsPrimaryKey();
        table.AddColumn<int>("number").AsPrimaryKey();
        table.AddColumn<DateTimeOffset>("posted_at").NotNull();
        return table;
    }

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var posts = events.Where(e => e.Data is IPostWritten).ToList();
        if (posts.Count > 0)
        {
            operations.QueueSqlCommand(
                Number,
                posts.Select(e => e.ActorId()).ToArray(),
                posts.Select(e => e.Timestamp).ToArray()
            );
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Numbers posts by their times. They mostly come in the order of these, and then this looks at the last row of
    /// each count only. An older post moves those after it up by one. Limits keep the planner from reading the table as a
    /// whole.
    /// </summary>
    /// <param name="posts">A query for new posts: the columns that they are counted by, and their times as <c>at</c>.</param>
    /// <param name="by">These columns; with the number they are the table's key.</param>
    internal static string Numbering(string table, string posts, params string[] by)
    {
        return $"""
            with new as ({posts}),
                 counted as (
                    select {By("new")}, coalesce((select number from {table} known
                                                   where ({By("known")}) = ({By("new")}) and posted_at <= min(at)
                                                   order by number desc limit 1), 0) as before
                      from new group by {By("new")}),
                 later as (
                    select {By("new")}, before, at from counted join new on ({By("counted")}) = ({By("new")})
                     union all
                    select {By("counted")}, before, posted_at
                      from counted
                     cross join lateral (
                            select posted_at from {table} known
                             where ({By("known")}) = ({By("counted")}) and number > before
                             order by number limit {Kept}) kept)
            insert into {table} as known
            select {By("n")}, number, at
              from (select {By("later")}, before + row_number() over (partition by {By(
                "later"
            )} order by at) as number, at
                      from later) n
             where number <= {Kept}
            on conflict ({string.Join(", ", by)}, number) do update set posted_at = excluded.posted_at
             where known.posted_at <> excluded.posted_at
            """;

        string By(string table) => string.Join(", ", by.Select(column => $"{table}.{column}"));
    }
}
