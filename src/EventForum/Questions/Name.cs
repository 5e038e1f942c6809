using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Questions;

/// <summary>
/// Stands in a row of an answer for the name of something that the question knows by its id. It is looked up when the
/// answer is printed, as it is now.
/// </summary>
public sealed record Name
{
    private Name(NameKind kind, Guid id) => (Kind, Id) = (kind, id);

    internal NameKind Kind { get; }

    internal Guid Id { get; }

    /// <summary>A board's name.</summary>
    public static Name OfBoard(Guid id) => new(NameKind.Board, id);

    /// <summary>A member's name.</summary>
    public static Name OfMember(Guid id) => new(NameKind.Member, id);

    /// <summary>A thread's title.</summary>
    public static Name OfThread(Guid id) => new(NameKind.Thread, id);

    /// <summary>A post's thread and number: <c>Tea or coffee?, post 3</c>.</summary>
    public static Name OfPost(Guid id) => new(NameKind.Post, id);

    /// <summary>The name of who wrote a post.</summary>
    public static Name OfAuthor(Guid postId) => new(NameKind.Author, postId);
}

internal enum NameKind
{
    Board,
    Member,
    Thread,
    Post,
    Author,
}

/// <summary>Looks up names, all of a kind by one query.</summary>
internal static class NameLookup
{
    private const string Posts = $"""
        unnest($1) k(id) cross join lateral (
               select * from {PostTable.Table} where post_id = k.id {PostTable.Newest}) p
        """;

    /// <returns>The names; what does not exist has its id as its name.</returns>
    public static async Task<IReadOnlyDictionary<Name, string>> FindAsync(
        NpgsqlDataSource database,
        IEnumerable<Name> wanted,
        CancellationToken cancellation
    )
    {
        var names = wanted.Distinct().ToDictionary(name => name, name => name.Id.ToString());
        foreach (var kind in names.Keys.GroupBy(name => name.Kind).ToList())
        {
            var ids = kind.ToDictionary(name => name.Id);
            await using var command = database.CreateCommand(Sql(kind.Key));
            command.Parameters.AddWithValue(ids.Keys.ToArray());
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                names[ids[reader.GetGuid(0)]] = reader.GetString(1);
            }
        }

        return names;
    }

    private static string Sql(NameKind kind) =>
        kind switch
        {
            NameKind.Board => $"select id, data ->> 'name' from {MartenTables.Documents}board where id = any($1)",
            NameKind.Member => $"select id, data ->> 'name' from {MartenTables.Documents}member where id = any($1)",
            NameKind.Thread =>
                $"select id, data ->> 'title' from {MartenTables.Documents}forumthread where id = any($1)",
            NameKind.Post => $"""
                select k.id, concat(t.data ->> 'title', ', post ', p.number)
                  from {Posts} join {MartenTables.Documents}forumthread t on t.id = p.thread_id
                """,
            NameKind.Author => $"""
                select k.id, m.data ->> 'name' from {Posts} join {MartenTables.Documents}member m on m.id = p.author_id
                """,
        };
}
