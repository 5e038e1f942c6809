using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Marten;
using Npgsql;

namespace EventForum.Erasure;

/// <summary>
/// Takes a person out of a forum beside its traffic: out of the events, and out of the rows that are stored with events, in one
/// transaction. What the daemon makes of events follows by <see cref="ErasureCompletion"/>.
/// </summary>
public sealed class Erasures(
    IDocumentStore store,
    NpgsqlDataSource database,
    CurrentAccessRules rules,
    ErasureCompletion completion
)
{
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtext('eventforum erasure'))";

    internal const string Last = $"select coalesce(max(position), 0) from {MartenTables.Events} e";

    /// <summary>Somebody whom an import brought may be called so, too.</summary>
    private const string LastNumber = $"""
        select greatest(
            (select coalesce(max((data ->> 'number')::int), 0) from {MartenTables.Events} e where type = 'member_erased'),
            (select coalesce(max(substring(data ->> 'name' from '^{MemberErased.Called}([0-9]+)$')::int), 0)
               from {MartenTables.Documents}member where length(data ->> 'name') <= 22))::bigint
        """;

    private const string Remember = $"""
        insert into {ErasureTable.Table} (position, member_id, thread_ids)
        select max(position), $1, $2 from {MartenTables.Events} e where stream_id = $1
        returning position
        """;

    /// <summary>Takes it out, or says why not.</summary>
    /// <param name="name">The member's name, as somebody who means it writes it.</param>
    /// <param name="by">The member who does it.</param>
    public async Task<(Refusal? Refusal, ErasureReceipt? Receipt)> RunAsync(
        Guid memberId,
        ErasureScope scope,
        string name,
        string reason,
        Guid by,
        string? correlationId,
        CancellationToken cancellation,
        Action<long, long>? progress = null
    )
    {
        if (memberId == by)
        {
            return (ErasureRefusals.NobodyErasesThemselves, null);
        }

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await BeginAsync(connection, cancellation);
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        if (await session.LoadAsync<Member>(memberId, cancellation) is not { } member)
        {
            return (MemberName.NoSuchMember, null);
        }

        if (name.Trim() != member.Name)
        {
            return (ErasureRefusals.NotTheName(member.Name), null);
        }

        var number = await NumberAsync(connection, member, cancellation);
        var erased = await PersonalEvents.CollectAsync(
            connection,
            () =>
            {
                var person = new PersonalValues(memberId, scope, number);
                return (after, upTo) =>
                    PersonalEvents.FindAsync(connection, memberId, person, after, upTo, progress, cancellation);
            },
            cancellation
        );
        if (erased.Count == 0)
        {
            return (ErasureRefusals.ErasedAlready, null);
        }

        await PersonalEvents.StoreAsync(connection, erased, cancellation);
        var threads = await new ErasedRows(session, connection).MakeAsync(erased, cancellation);
        await NameSkeletons.ReplaceAsync(connection, member.Name, PersonalValues.Name(number), cancellation);
        await ForgetAnswersAsync(connection, member.Subject, cancellation);

        var batch = Guid.CreateVersion7();
        var counts = PersonalEvents.CountsOf(erased);
        session.LastModifiedBy = by.ToString();
        session.CausationId = batch.ToString();
        session.CorrelationId = correlationId;
        // With their versions, which no event of a batch that is stored quickly has by itself.
        var versions = await VersionsAsync(connection, [.. threads, memberId], cancellation);
        foreach (var thread in threads)
        {
            session.Events.Append(thread, versions[thread] + 1, new WordsErased(number));
        }

        session.Events.Append(memberId, versions[memberId] + 1, new MemberErased(number, scope, counts, reason));
        await session.SaveChangesAsync(cancellation);
        var position = await RememberAsync(connection, memberId, threads, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        completion.Wake();
        // Who comes back with the same token is somebody new, on this server from now on.
        await rules.GetAsync(CancellationToken.None, fresh: true);
        return (null, new ErasureReceipt(memberId, PersonalValues.Name(number), batch, counts, position));
    }

    /// <summary>Waits for its turn: one at a time takes something out of events.</summary>
    internal static Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ExecuteAsync(connection, "set local idle_in_transaction_session_timeout = 0; " + OneAtATime, cancellation);

    /// <summary>Has every server forget what it remembers, and views made anew.</summary>
    /// <param name="member">In whose stream it is told; the answer is where.</param>
    internal static async Task<long> RememberAsync(
        NpgsqlConnection connection,
        Guid member,
        IReadOnlyList<Guid> threads,
        CancellationToken cancellation
    )
    {
        await using var remember = new NpgsqlCommand(Remember, connection);
        remember.Parameters.AddWithValue(member);
        remember.Parameters.AddWithValue(threads.ToArray());
        return (long)(await remember.ExecuteScalarAsync(cancellation))!;
    }

    internal static async Task ForgetAnswersAsync(
        NpgsqlConnection connection,
        string subject,
        CancellationToken cancellation
    )
    {
        await using var forget = new NpgsqlCommand(
            $"delete from {MartenTables.Documents}givenanswer where starts_with(id, $1)",
            connection
        );
        forget.Parameters.AddWithValue(GivenAnswer.PrefixOf(subject));
        await forget.ExecuteNonQueryAsync(cancellation);
    }

    internal static async Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(
        NpgsqlConnection connection,
        Guid[] streams,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"select id, version from {MartenTables.Streams} where id = any($1)",
            connection
        );
        command.Parameters.AddWithValue(streams);
        var versions = new Dictionary<Guid, long>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            versions[rows.GetGuid(0)] = rows.GetInt64(1);
        }

        return versions;
    }

    internal static async Task<int> NumberAsync(
        NpgsqlConnection connection,
        Member member,
        CancellationToken cancellation
    ) => PersonalValues.NumberOf(member) ?? (int)await ScalarAsync(connection, LastNumber, cancellation) + 1;

    internal static async Task<long> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
