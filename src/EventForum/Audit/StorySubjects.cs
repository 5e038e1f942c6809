using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Audit;

/// <summary>
/// Finds what a story is asked of. Moderators read the stories of what is in their boards, of members and of batches; what
/// stands in a story is decided event by event, as in the forum's feed.
/// </summary>
public sealed class StorySubjects(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    BatchQueries batches,
    MemberNames names
)
{
    private const string Post = $"""
        select (t.data ->> 'boardId')::uuid, t.data ->> 'title', p.author_id, p.number
          from (select * from {PostTable.Table} where post_id = $1 {PostTable.Newest}) p
          join {MartenTables.Documents}forumthread t on t.id = p.thread_id
        """;

    private const string Thread = $"""
        select (data ->> 'boardId')::uuid, data ->> 'title', null::uuid, null::int
          from {MartenTables.Documents}forumthread where id = $1
        """;

    private const string Board = $"""
        select id, data ->> 'name', null::uuid, null::int from {MartenTables.Documents}board where id = $1
        """;

    /// <summary>The thing; or why this reader does not read its story.</summary>
    public async Task<(Refusal? Refusal, StorySubject? Subject)> FindAsync(
        string kind,
        Guid id,
        Reader reader,
        CancellationToken cancellation
    )
    {
        if (!reader.IsModerator)
        {
            return (ModerationRefusals.ModeratorsOnly, null);
        }

        return kind switch
        {
            "post" => await InBoardAsync(kind, id, Post, ThreadRefusals.NoSuchPost, reader, cancellation),
            "thread" => await InBoardAsync(kind, id, Thread, ThreadRefusals.NoSuchThread, reader, cancellation),
            "board" => await InBoardAsync(kind, id, Board, BoardRefusals.NoSuchBoard, reader, cancellation),
            "batch" => await batches.FindAsync(id, reader, cancellation) is { } batch
                ? (null, new StorySubject(kind, id, null, batch.Kind, null))
                : (ModerationRefusals.NoSuchBatch, null),
            _ => (await names.FindAsync([id], reader, cancellation)).TryGetValue(id, out var member)
                ? (null, new StorySubject(kind, id, null, member.Name, null))
                : (MemberName.NoSuchMember, null),
        };
    }

    private async Task<(Refusal?, StorySubject?)> InBoardAsync(
        string kind,
        Guid id,
        string sql,
        Refusal missing,
        Reader reader,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation) || !reader.Sees(rows.GetGuid(0)))
        {
            return (missing, null);
        }

        if (!reader.Moderates(rows.GetGuid(0)))
        {
            return (ModerationRefusals.ModeratorsOnly, null);
        }

        var title = rows.GetString(1);
        if (kind != "post")
        {
            return (
                null,
                kind == "board"
                    ? new StorySubject(kind, id, null, title, null)
                    : new StorySubject(kind, id, title, null, null)
            );
        }

        var (authorId, number) = (rows.GetGuid(2), rows.GetInt32(3));
        await rows.CloseAsync();
        var authors = await names.FindAsync([authorId], reader, cancellation);
        return (null, new StorySubject(kind, id, title, authors.GetValueOrDefault(authorId)?.Name, number));
    }
}
