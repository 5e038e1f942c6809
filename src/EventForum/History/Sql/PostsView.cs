using EventForum.Threads;

namespace EventForum.History.Sql;

/// <summary>
/// Every revision of every post that a guest may read, a row a revision, as the route of a post's revisions lists them to a
/// guest; quotes are references here. Thread, board and number are those of now; versions, those of the thread that it was in.
/// </summary>
internal static class PostsView
{
    /// <summary>The row that brought the next revision: removals and what lifts them make rows of one revision, too.</summary>
    private const string Next =
        $"from {PostTable.Table} n where n.post_id = p.post_id and n.revision = p.revision + 1 order by n.position limit 1";

    public static readonly SqlView View = new(
        "posts",
        "Every revision of the posts that guests see, and from when to when it held; the one that holds now has no end.",
        $"""
        select p.post_id as post, now.thread_id as thread, t.board, now.number, p.author_id as author, p.revision,
               p.from_version, (select n.from_version {Next}) as to_version,
               coalesce(p.edited_at, p.posted_at) as from_time,
               (select coalesce(n.edited_at, n.posted_at) {Next}) as to_time,
               coalesce(p.edited_by, p.author_id) as actor, {Text("p.edit_reason")} as reason, {Text(
            "p.body"
        )} as body, coalesce(p.format, 'markdown') as format, p.masked is not null and p.masked <> 'unknown' as redacted,
               {EventColumns.Quotes("p.quotes")} as quotes,
               p.answered_version, p.posted_at, {EventColumns.SeenPost("p.parent_id")} as parent,
               coalesce(p.masked = 'unknown', false) as unknown, coalesce(p.is_late, false) as late
          from {PostTable.Table} p
          join {PostTable.Table} now on now.post_id = p.post_id and now.to_version is null
          join {PublicThreads.Sql} t on t.id = now.thread_id
         where now.removed_at is null
           and not exists (
                 select from {PostTable.Table} f
                  where f.post_id = p.post_id and f.revision = p.revision and f.position < p.position)
           and {EventViews.WhenComplete}
        """
    );

    /// <summary>
    /// An expression, of which PostgreSQL has no statistics: by those of the column, which are of all posts, the estimates of
    /// EXPLAIN would tell of texts that are not shown.
    /// </summary>
    private static string Text(string column) => $"{column} || ''";
}
