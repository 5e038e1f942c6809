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

    /// <summary>
    /// Posts are mostly told in the order of their times, and then this looks at each member's last row only. An older
    /// one moves those after it up by one. Limits keep the planner from reading the table as a whole.
    /// </summary>
    private static readonly string Number = $"""
        with new as (select * from unnest(?, ?) as x(member_id, at)),
             member as (
                select new.member_id as id, coalesce((select number from {Table} known
                                                       where known.member_id = new.member_id and posted_at <= min(at)
                                                       order by number desc limit 1), 0) as before
                  from new group by new.member_id),
             later as (
                select id, before, at from member join new on member_id = id
                 union all
                select id, before, posted_at
                  from member
                 cross join lateral (
                        select posted_at from {Table}
                         where member_id = id and number > before order by number limit {Kept}) kept)
        insert into {Table} as known
        select * from (select id, before + row_number() over (partition by id order by at) as number, at from later) n
         where number <= {Kept}
        on conflict (member_id, number) do update set posted_at = excluded.posted_at
         where known.posted_at <> excluded.posted_at
        """;

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
}
