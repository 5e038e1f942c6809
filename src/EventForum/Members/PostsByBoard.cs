using EventForum.Platform;
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

    private const string Boards = $"""
        select jsonb_build_object('thread_id', stream_id, 'board_id', data ->> 'boardId')::text
          from {MartenTables.Events} e where stream_id = any(?) and version = 1
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
        var written = events.Where(e => e.Data is IPostWritten).ToList();
        if (written.Count == 0)
        {
            return;
        }

        var threads = await operations.AdvancedSql.QueryAsync<string>(
            Boards,
            cancellation,
            (object)written.Select(e => e.StreamId).Distinct().ToArray()
        );
        var boards = threads.Select(Row.Read<ThreadBoard>).ToDictionary(thread => thread.ThreadId);
        var posts = written
            .Where(e => boards.ContainsKey(e.StreamId))
            .Select(e => (MemberId: e.ActorId(), boards[e.StreamId].BoardId, At: e.Timestamp))
            .ToList();
        operations.QueueRows(
            Counts,
            [
                .. posts
                    .GroupBy(post => (post.MemberId, post.BoardId))
                    .Select(group => new MemberBoard(group.Key.MemberId, group.Key.BoardId, group.Count())),
            ],
            "(member_id, board_id) do update set posts = known.posts + excluded.posts"
        );
        await FirstPosts.NumberAsync(operations, First, ["member_id", "board_id"], posts, cancellation);
    }

    private sealed record ThreadBoard(Guid ThreadId, Guid BoardId);
}
