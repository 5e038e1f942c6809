using Marten;
using Npgsql;

namespace EventForum.Threads;

/// <summary>The boards that threads were in, by their versions.</summary>
internal sealed class ThreadBoards
{
    private const string Boards = $"""
        select thread_id, from_version, board_id from {HeaderTable.Table} where thread_id = any($1)
         order by thread_id, from_version
        """;

    private readonly Dictionary<Guid, List<(long From, Guid BoardId)>> boards = [];

    public static async Task<ThreadBoards> ReadAsync(
        IQuerySession session,
        Guid[] threadIds,
        CancellationToken cancellation
    )
    {
        var found = new ThreadBoards();
        if (threadIds.Length == 0)
        {
            return found;
        }

        await using var command = new NpgsqlCommand(Boards);
        command.Parameters.AddWithValue(threadIds);
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (thread, from, board) = (reader.GetGuid(0), reader.GetInt64(1), reader.GetGuid(2));
            if (!found.boards.TryGetValue(thread, out var known))
            {
                found.boards[thread] = known = [];
            }

            if (known.Count == 0 || known[^1].BoardId != board)
            {
                known.Add((from, board));
            }
        }

        return found;
    }

    /// <summary>The board that a thread was in from this version on; null where there is no such thread.</summary>
    public Guid? At(Guid threadId, long version)
    {
        if (!boards.TryGetValue(threadId, out var known))
        {
            return null;
        }

        for (var i = known.Count - 1; i >= 0; i--)
        {
            if (known[i].From <= version)
            {
                return known[i].BoardId;
            }
        }

        return null;
    }
}
