using EventForum.Access;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// What a reader may see of some threads, by the boards that they are in. Asks nothing where boards make no difference to
/// this reader.
/// </summary>
public sealed class ThreadAccess
{
    private const string Boards = $"""
        select id, (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = any($1)
        """;

    private readonly Reader reader;
    private readonly Dictionary<Guid, Guid>? boards;

    private ThreadAccess(Reader reader, Dictionary<Guid, Guid>? boards) =>
        (this.reader, this.boards) = (reader, boards);

    public static async ValueTask<ThreadAccess> OfAsync(
        Reader reader,
        IEnumerable<Guid> threadIds,
        NpgsqlDataSource database,
        CancellationToken cancellation
    )
    {
        if (reader.SeesAllBoards && (!reader.IsModerator || reader.ModeratesAllBoards))
        {
            return new ThreadAccess(reader, null);
        }

        var found = new Dictionary<Guid, Guid>();
        await using var command = database.CreateCommand(Boards);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. threadIds.Distinct()] });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(rows.GetGuid(0), rows.GetGuid(1));
        }

        return new ThreadAccess(reader, found);
    }

    public bool Sees(Guid threadId) =>
        boards is null || (boards.TryGetValue(threadId, out var board) && reader.Sees(board));

    /// <summary>Whether this reader sees what was removed there.</summary>
    public bool Moderates(Guid threadId) =>
        boards is null
            ? reader.ModeratesAllBoards
            : boards.TryGetValue(threadId, out var board) && reader.Moderates(board);
}
