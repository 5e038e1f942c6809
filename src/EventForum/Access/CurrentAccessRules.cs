using System.Text.Json;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Access;

/// <summary>
/// The rules that hold now, in memory. What this server stores holds at once; what others store, after a second at most:
/// while requests come, each server reads the few rows again that often.
/// </summary>
public sealed class CurrentAccessRules(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    /// <summary>How old the rules may be that a request is answered by.</summary>
    public static readonly TimeSpan MayBe = TimeSpan.FromSeconds(1);

    /// <summary>In seconds. A server that cannot read the rules answers nobody.</summary>
    private const int Patience = 5;

    private const string Boards = $"""
        select id, data ->> 'permissions', data ->> 'closeReason', data ->> 'isLogPublic' is not null
          from {MartenTables.Documents}board
         where data ->> 'permissions' is not null or data ->> 'closeReason' is not null
            or data ->> 'isLogPublic' is not null
        """;

    private const string Roles = $"""
        select subject, data ->> 'roles' from {MartenTables.Documents}member where data ->> 'roles' is not null
        """;

    private const string Suspensions = $"""
        select subject, data -> 'standing' ->> 'suspension', data -> 'standing' ->> 'silence'
          from {MartenTables.Documents}member
         where data ->> 'standing' is not null
           and (data -> 'standing' ->> 'suspension' is not null or data -> 'standing' ->> 'silence' is not null)
        """;

    private const string Erasures = $"select count(*) from {ErasureTable.Table}";

    private readonly SemaphoreSlim turn = new(1);
    private AccessRules current = AccessRules.None;
    private long readAt;
    private int changes;
    private long erasures = -1;
    private readonly List<Action> forgets = [];

    /// <param name="fresh">Not older than this very moment.</param>
    public ValueTask<AccessRules> GetAsync(CancellationToken cancellation, bool fresh = false)
    {
        var last = Volatile.Read(ref readAt);
        return !fresh && last != 0 && clock.GetElapsedTime(last) < MayBe
            ? ValueTask.FromResult(Volatile.Read(ref current))
            : new ValueTask<AccessRules>(ReadAsync(cancellation));
    }

    /// <summary>Once a member was erased, by whichever server, nothing of before may be remembered by a subject.</summary>
    /// <param name="forget">Forgets it. To be said before the first request.</param>
    public void OnErasure(Action forget) => forgets.Add(forget);

    /// <summary>This server has stored a change: whoever asks from now on is answered by it.</summary>
    public void Changed()
    {
        Interlocked.Increment(ref changes);
        Volatile.Write(ref readAt, 0);
    }

    public void Dispose() => turn.Dispose();

    private async Task<AccessRules> ReadAsync(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        await turn.WaitAsync(cancellation);
        try
        {
            // Who waited for a read that began after they asked has its answer.
            if (readAt != 0 && readAt >= asked)
            {
                return current;
            }

            var began = clock.GetTimestamp();
            var known = Volatile.Read(ref changes);
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand(Boards),
                    new NpgsqlBatchCommand(Roles),
                    new NpgsqlBatchCommand(Suspensions),
                    new NpgsqlBatchCommand(Erasures),
                },
                Timeout = Patience,
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var boards = new Dictionary<Guid, BoardAccess>();
            while (await reader.ReadAsync(cancellation))
            {
                boards.Add(
                    reader.GetGuid(0),
                    new BoardAccess(
                        reader.IsDBNull(1) ? BoardPermissions.Default : Json<BoardPermissions>(reader.GetString(1)),
                        reader.IsDBNull(2) ? null : reader.GetString(2),
                        reader.GetBoolean(3)
                    )
                );
            }

            await reader.NextResultAsync(cancellation);
            var roles = new Dictionary<string, RecordedRoles>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellation))
            {
                roles.Add(reader.GetString(0), Json<RecordedRoles>(reader.GetString(1)));
            }

            await reader.NextResultAsync(cancellation);
            var suspensions = new Dictionary<string, Sanction>(StringComparer.Ordinal);
            var silences = new Dictionary<string, Sanction>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellation))
            {
                foreach (var (column, to) in ((int, Dictionary<string, Sanction>)[])[(1, suspensions), (2, silences)])
                {
                    if (
                        !reader.IsDBNull(column)
                        && Json<Sanction>(reader.GetString(column)) is var sanction
                        && sanction.HoldsAt(clock.GetUtcNow())
                    )
                    {
                        to.Add(reader.GetString(0), sanction);
                    }
                }
            }

            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var erased = reader.GetInt64(0);
            if (erasures != erased && Interlocked.Exchange(ref erasures, erased) >= 0)
            {
                forgets.ForEach(forget => forget());
            }

            current = new AccessRules(boards, roles, suspensions, silences);
            // What was stored while this was read may not be in it.
            Volatile.Write(ref readAt, known == Volatile.Read(ref changes) ? began : 0);
            return current;
        }
        finally
        {
            turn.Release();
        }
    }

    private static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!;
}
