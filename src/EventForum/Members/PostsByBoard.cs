using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.Members;

/// <summary>How many posts a member wrote in a board, among them those that were removed later.</summary>
public sealed record MemberBoard(Guid MemberId, Guid BoardId, int Posts);

/// <summary>
/// What <see cref="MemberProfile"/> and <see cref="FirstPosts"/> count over the whole forum, board by board: for a reader
/// from whom a board is hidden, the posts in it do not count. Updated by the daemon, a moment after the fact.
/// </summary>
public sealed class PostsByBoard : IProjection
{
    public const string Name = "PostsByBoard";

    public const string Counts = Store.Schema + ".member_boards";

    public const string First = Store.Schema + ".first_posts_by_board";

    private const string Authors = $"select distinct author_id from {PostTable.Table} where thread_id = any(?)";

    /// <summary>The posts of some members up to a position, with the boards that they were in at that position.</summary>
    private const string PostsOfAuthors = $"""
        select jsonb_build_object('member_id', p.author_id, 'board_id', b.board_id, 'at', p.posted_at)::text
          from (select distinct on (post_id) post_id, author_id, posted_at from {PostTable.Table}
                 where author_id = any(?) and {PostTable.FirstRow} and position <= ?
                 order by post_id, position) p
         cross join lateral (
                select thread_id from {PostTable.Table}
                 where post_id = p.post_id and position <= ? {PostTable.Newest}) t
         cross join lateral (
                select h.board_id from {HeaderTable.Table} h
                  join {MartenTables.Events} e on e.stream_id = h.thread_id and e.version = h.from_version
                 where h.thread_id = t.thread_id and e.position <= ?
                 order by h.from_version desc limit 1) b
        """;

    public static IEnumerable<Table> Tables()
    {
        var counts = new Table(Counts);
        counts.AddColumn<Guid>("member_id").AsPrimaryKey();
        counts.AddColumn<Guid>("board_id").AsPrimaryKey();
        counts.AddColumn<int>("posts").NotNull();
        yield return counts;

        var first = new Table(First);
        first.AddColumn<Guid>("member_id").AsPrimaryKey();
        first.AddColumn<Guid>("board_id").AsPrimaryKey();
        first.AddColumn<int>("number").AsPrimaryKey();
        first.AddColumn<DateTimeOffset>("posted_at").NotNull();
        yield return first;
    }

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var recounted = await RecountAsync(operations, events, cancellation);
        var written = events.Where(e => e.Data is IPostWritten && !recounted.Contains(e.ActorId())).ToList();
        if (written.Count == 0)
        {
            return;
        }

        var boards = await ThreadBoards.ReadAsync(
            operations,
            [.. written.Select(e => e.StreamId).Distinct()],
            cancellation
        );
        var posts = written
            .Select(e => (MemberId: e.ActorId(), BoardId: boards.At(e.StreamId, e.Version), At: e.Timestamp))
            .Where(post => post.BoardId is not null)
            .Select(post => (post.MemberId, BoardId: post.BoardId!.Value, post.At))
            .ToList();
        Count(operations, posts);
        await FirstPosts.NumberAsync(operations, First, ["member_id", "board_id"], posts, cancellation);
    }

    /// <summary>
    /// Where posts have come to another board, all that their authors wrote is counted anew, as it was after these events.
    /// </summary>
    /// <returns>The members whose posts have been counted.</returns>
    private static async Task<HashSet<Guid>> RecountAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var moved = events.Where(e => e.Data is ThreadMoved).Select(e => e.StreamId).Distinct().ToArray();
        if (moved.Length == 0)
        {
            return [];
        }

        var last = events[^1].Sequence;
        var authors = await operations.AdvancedSql.QueryAsync<Guid>(Authors, cancellation, (object)moved);
        var found = await operations.AdvancedSql.QueryAsync<string>(
            PostsOfAuthors,
            cancellation,
            authors.ToArray(),
            last,
            last,
            last
        );
        foreach (var table in (string[])[Counts, First])
        {
            operations.QueueSqlCommand($"delete from {table} where member_id = any(?)", authors.ToArray());
        }

        var posts = found.Select(Row.Read<BoardPost>).Select(post => (post.MemberId, post.BoardId, post.At)).ToList();
        Count(operations, posts);
        operations.QueueRows(
            First,
            [
                .. posts
                    .GroupBy(post => (post.MemberId, post.BoardId), post => post.At)
                    .SelectMany(group =>
                        group
                            .Order()
                            .Take(FirstPosts.Kept)
                            .Select((at, i) => new NumberedPost(group.Key.MemberId, group.Key.BoardId, i + 1, at))
                    ),
            ],
            onConflict: null
        );
        return [.. authors];
    }

    private static void Count(
        IDocumentOperations operations,
        IEnumerable<(Guid MemberId, Guid BoardId, DateTimeOffset At)> posts
    ) =>
        operations.QueueRows(
            Counts,
            [
                .. posts
                    .GroupBy(post => (post.MemberId, post.BoardId))
                    .Select(group => new MemberBoard(group.Key.MemberId, group.Key.BoardId, group.Count())),
            ],
            "(member_id, board_id) do update set posts = known.posts + excluded.posts"
        );

    private sealed record BoardPost(Guid MemberId, Guid BoardId, DateTimeOffset At);

    private sealed record NumberedPost(Guid MemberId, Guid BoardId, int Number, DateTimeOffset PostedAt);
}
