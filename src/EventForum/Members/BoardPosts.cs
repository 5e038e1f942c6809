using EventForum.Platform;
using Weasel.Postgresql.Tables;

namespace EventForum.Members;

/// <summary>
/// What <see cref="MemberProfile"/> and <see cref="FirstPosts"/> count over the whole forum, board by board: for a reader
/// from whom a board is hidden, the posts in it do not count. Updated by the daemon, a moment after the fact.
/// </summary>
public static class BoardPosts
{
    public const string Name = "PostsByBoard";

    public const string Counts = Store.Schema + ".member_boards";

    public const string First = Store.Schema + ".first_posts_by_board";

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
}
