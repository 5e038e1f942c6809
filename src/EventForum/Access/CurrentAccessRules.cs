using System.Collections.Concurrent;
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

    /// <summary>By the subject that the person signs in with, who may be one that an import brought.</summary>
    private const string Roles = $"""
        select coalesce(s.subject, m.subject), m.data ->> 'roles'
          from {Members} m left join {Members} s on s.id = (m.data ->> 'claimedBy')::uuid
         where m.data ->> 'roles' is not null
           and not exists (select from {Members} c
                            where c.id = (m.data ->> 'mergedInto')::uuid and c.data ->> 'claimedBy' = m.id::text)
        """;

    /// <summary>What holds against either of the two holds against the person.</summary>
    private const string Suspensions = $"""
        select coalesce(s.subject, m.subject), m.data -> 'standing' ->> 'suspension', m.data -> 'standing' ->> 'silence'
          from {Members} m left join {Members} s on s.id = (m.data ->> 'claimedBy')::uuid
         where m.data ->> 'standing' is not null
           and (m.data -> 'standing' ->> 'suspension' is not null or m.data -> 'standing' ->> 'silence' is not null)
        """;

    private const string Members = MartenTables.Documents + "member";

    private const string OtherSubjects = $"""
        select ({ErasureTable.Last}), (select count(*) from {Members} where data ->> 'mergedInto' is not null)
        """;

    private readonly SemaphoreSlim turn = new(1);
    private Read? last;
    private int changes;
    private (long Erasure, long Claims)? others;
    private readonly ConcurrentBag<Action> forgets = [];

    /// <param name="fresh">Not older than this very moment.</param>
    public ValueTask<AccessRules> GetAsync(CancellationToken cancellation, bool fresh = false) =>
        !fresh && Last() is { } known && clock.GetElapsedTime(known.At) < MayBe
            ? ValueTask.FromResult(known.Rules)
            : new ValueTask<AccessRules>(ReadAsync(cancellation));

    /// <summary>
    /// Once a member was erased or an account was claimed, by whichever server, nothing of before may be remembered by a
    /// subject.
    /// </summary>
    /// <param name="forget">Forgets it.</param>
    public void OnForgetting(Action forget) => forgets.Add(forget);

    /// <summary>This server has stored a change: whoever asks from now on is answered by it.</summary>
    public void Changed() => Interlocked.Increment(ref changes);

    public void Dispose() => turn.Dispose();

    private async Task<AccessRules> ReadAsync(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        await turn.WaitAsync(cancellation);
        try
        {
            // Who waited for a read that began after they asked has its answer.
            if (Last() is { } meanwhile && meanwhile.At >= asked)
            {
                return meanwhile.Rules;
            }

            var began = clock.GetTimestamp();
            var stored = Volatile.Read(ref changes);
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand(Boards),
                    new NpgsqlBatchCommand(Roles),
                    new NpgsqlBatchCommand(Suspensions),
                    new NpgsqlBatchCommand(OtherSubjects),
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
                        to.TryAdd(reader.GetString(0), sanction);
                    }
                }
            }

            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var changed = (Erasure: reader.GetInt64(0), Claims: reader.GetInt64(1));
            if (others is { } known && known != changed)
            {
                foreach (var forget in forgets)
                {
                    forget();
                }
            }

            others = changed;
            var read = new AccessRules(boards, roles, suspensions, silences) { LastErasure = changed.Erasure };
            Volatile.Write(ref last, new Read(read, began, stored));
            return read;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What was read last; null where this server has stored a change since that began, which may not be in it.</summary>
    private Read? Last() =>
        Volatile.Read(ref last) is { } known && known.Changes == Volatile.Read(ref changes) ? known : null;

    /// <param name="At">When the reading began.</param>
    /// <param name="Changes">How many changes this server had stored by then.</param>
    private sealed record Read(AccessRules Rules, long At, int Changes);

    private static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!;
}
