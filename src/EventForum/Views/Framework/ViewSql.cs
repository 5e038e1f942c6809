using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Views.Framework;

/// <summary>Pieces of the queries of views.</summary>
public static class ViewSql
{
    /// <summary>Whether the reader sees a board, by the column that names it.</summary>
    public static string Seen(string board) => $"(@hidden::uuid[] is null or {board} <> all(@hidden))";

    /// <summary>A member's name, by its id.</summary>
    public static string MemberName(string id) =>
        $"(select data ->> 'name' from {MartenTables.Documents}member where id = {id})";

    /// <summary>A board's name, by its id.</summary>
    public static string BoardName(string id) =>
        $"(select data ->> 'name' from {MartenTables.Documents}board where id = {id})";

    /// <summary>A thread's title now, by its id.</summary>
    public static string Title(string id) =>
        $"(select data ->> 'title' from {MartenTables.Documents}forumthread where id = {id})";

    /// <summary>The board that a thread is in, by the thread's id.</summary>
    public static string BoardOf(string id) =>
        $"(select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = {id})";

    /// <summary>
    /// To be joined: a post that is in view now, by its id. It has <c>thread_id</c>, <c>number</c>, <c>author_id</c>,
    /// <c>revision</c> and <c>board_id</c>; the reader sees its board.
    /// </summary>
    public static string VisiblePost(string id, string name) =>
        $"""
            lateral (select p.thread_id, p.number, p.author_id, p.revision, (t.data ->> 'boardId')::uuid as board_id
                       from (select * from {PostTable.Table} where post_id = {id} {PostTable.Newest}) p
                       join {MartenTables.Documents}forumthread t on t.id = p.thread_id
                      where p.removed_at is null and {Seen("(t.data ->> 'boardId')::uuid")}) {name}
            """;
}
