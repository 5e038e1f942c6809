using EventForum.Access;
using EventForum.Platform;

namespace EventForum.Threads;

/// <summary>
/// What a guest sees of threads and posts, for SQL that runs without the program: as <see cref="ThreadAccess"/> says it, of a
/// reader who moderates nothing.
/// </summary>
internal static class PublicThreads
{
    /// <summary>Their <c>id</c> and <c>board</c>. It stands for a table and takes an alias.</summary>
    public const string Sql = $"""
        (select t.id, b.id as board
           from {MartenTables.Documents}forumthread t
           join {PublicBoards.Sql} b on b.id = (t.data ->> 'boardId')::uuid)
        """;

    /// <summary>Whether a post is removed now, or stands where a guest sees nothing.</summary>
    /// <param name="post">An expression for its id.</param>
    public static string IsGone(string post) =>
        $"""
            exists (select from {PostTable.Table} s
                     where s.post_id = {post} and s.to_version is null
                       and (s.removed_at is not null or not exists (select from {Sql} v where v.id = s.thread_id)))
            """;

    /// <summary>Whether there is such a post and it stands where a guest sees nothing.</summary>
    /// <param name="post">An expression for its id.</param>
    public static string IsHidden(string post) =>
        $"""
            exists (select from {PostTable.Table} s
                     where s.post_id = {post} and s.to_version is null and not exists (select from {Sql} v where v.id = s.thread_id))
            """;
}
