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

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("member_id").AsPrimaryKey();
        table.AddColumn<int>("number").AsPrimaryKey();
        table.AddColumn<DateTimeOffset>("posted_at").NotNull();
        return table;
    }

    public Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    ) =>
        NumberAsync(
            operations,
            Table,
            ["member_id"],
            events.Where(e => e.Data is IPostWritten).Select(e => (e.ActorId(), Guid.Empty, e.Timestamp)),
            cancellation
        );

    /// <summary>
    /// Numbers posts by their times. They mostly come in the order of these, and then this looks at the last row of
    /// each count only. An older post moves those after it up by one. Limits keep the planner from reading the table as a
    /// whole.
    /// </summary>
    /// <param name="by">The columns that posts are counted by; with the number they are the table's key.</param>
    internal static async Task NumberAsync(
        IDocumentOperations operations,
        string table,
        string[] by,
        IEnumerable<(Guid MemberId, Guid BoardId, DateTimeOffset At)> posts,
        CancellationToken cancellation
    )
    {
        var counts = posts.GroupBy(post => (post.MemberId, post.BoardId), post => post.At).ToList();
        if (counts.Count == 0)
        {
            return;
        }

        var columns = string.Join(", ", by);
        var found = await operations.AdvancedSql.QueryAsync<string>(
            $"""
            select jsonb_build_object('count', new.i - 1, 'before', before, 'later', later)::text
              from unnest({string.Join(", ", by.Select(_ => "?"))}, ?) with ordinality new({columns}, first, i)
             cross join lateral (
                    select coalesce((select number from {table} known
                                      where {Same()} and posted_at <= first
                                      order by number desc limit 1), 0) as before) counted
             cross join lateral (
                    select array(select posted_at from {table} known
                                  where {Same()} and number > before
                                  order by number limit {Kept}) as later) kept
            """,
            cancellation,
            [.. Keys(counts.Select(count => count.Key)), counts.Select(count => count.Min()).ToArray()]
        );
        var numbered = new List<((Guid, Guid) Key, int Number, DateTimeOffset At)>();
        var moves = false;
        foreach (var known in found.Select(Row.Read<Known>))
        {
            var count = counts[known.Count];
            var number = known.Before;
            foreach (var at in count.Concat(known.Later).Order().Take(Kept - known.Before))
            {
                if (known.Later.ElementAtOrDefault(number - known.Before) != at)
                {
                    numbered.Add((count.Key, number + 1, at));
                }

                number++;
            }

            moves |= known.Later.Count > 0;
        }

        operations.QueueSqlCommand(
            $"""
            insert into {table} select * from unnest({string.Join(", ", by.Select(_ => "?"))}, ?, ?)
            {(moves ? $"on conflict ({columns}, number) do update set posted_at = excluded.posted_at" : "")}
            """,
            [
                .. Keys(numbered.Select(post => post.Key)),
                numbered.Select(post => post.Number).ToArray(),
                numbered.Select(post => post.At).ToArray(),
            ]
        );

        string Same() => string.Join(" and ", by.Select(column => $"known.{column} = new.{column}"));

        IEnumerable<object> Keys(IEnumerable<(Guid MemberId, Guid BoardId)> keys) =>
            new[] { keys.Select(key => key.MemberId).ToArray(), keys.Select(key => key.BoardId).ToArray() }.Take(
                by.Length
            );
    }

    /// <param name="Count">Which count it is.</param>
    /// <param name="Before">How many posts are known from before the first new one.</param>
    /// <param name="Later">The times of those after it.</param>
    private sealed record Known(int Count, int Before, IReadOnlyList<DateTimeOffset> Later);
}
