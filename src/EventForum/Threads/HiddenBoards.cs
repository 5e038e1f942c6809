using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// What is in a board that its reader does not see is looked up under the id of zeros, which nothing has: whatever the
/// address asks for, the answer is the one for an id that does not exist, to the byte. It holds for every address that
/// names a board, a thread or a post, and costs nothing where no board is hidden.
/// </summary>
public sealed class HiddenBoards([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database, Readers readers)
{
    private static readonly string[] Names = ["threadId", "postId", "boardId"];

    private const string BoardOfThread = $"""
        select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = $1
        """;

    private const string BoardOfPost = $"""
        select (t.data ->> 'boardId')::uuid
          from (select thread_id from {PostTable.Table} where post_id = $1 {PostTable.Newest}) p
          join {MartenTables.Documents}forumthread t on t.id = p.thread_id
        """;

    /// <summary>After it is known who asks, and before authorization: a 403 would tell that there is something.</summary>
    public static void Use(WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                await http.RequestServices.GetRequiredService<HiddenBoards>().HideAsync(http);
                await next(http);
            }
        );

    /// <summary>The reader as now, for an answer that goes on for long; null when the thread is hidden meanwhile.</summary>
    public async ValueTask<Reader?> StillSeesAsync(Reader reader, Guid threadId, CancellationToken cancellation)
    {
        var now = await readers.NowAsync(reader, cancellation);
        return
            !now.SeesAllBoards
            && await BoardAsync(BoardOfThread, threadId, cancellation) is { } board
            && !now.Sees(board)
            ? null
            : now;
    }

    private async ValueTask HideAsync(HttpContext http)
    {
        foreach (var name in Names)
        {
            if (
                http.Request.RouteValues.TryGetValue(name, out var value)
                && Guid.TryParse(value as string, out var id)
                && await readers.OfAsync(http) is { SeesAllBoards: false } reader
            )
            {
                var board = name switch
                {
                    "threadId" => await BoardAsync(BoardOfThread, id, http.RequestAborted),
                    "postId" => await BoardAsync(BoardOfPost, id, http.RequestAborted),
                    _ => id,
                };
                if (board is { } known && !reader.Sees(known))
                {
                    http.Request.RouteValues[name] = Guid.Empty.ToString();
                }
            }
        }
    }

    private async ValueTask<Guid?> BoardAsync(string sql, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }
}
