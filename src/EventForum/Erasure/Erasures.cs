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
public sealed class Erasures(IDocumentStore store, NpgsqlDataSource database, ErasureCompletion completion)
{
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtext('eventforum erasure'))";

    /// <summary>In the order in which commands lock them.</summary>
    private const string NobodyWrites =
        $"lock table {MartenTables.Streams}, {MartenTables.EventTable} in exclusive mode";

    private const string LastNumber =
        $"select coalesce(max((data ->> 'number')::int), 0)::bigint from {MartenTables.Events} e where type = 'member_erased'";

    private const string Settled = $"""
        select coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = 'HighWaterMark'), 0)
        """;

    private const string ThreadStreams =
        $"select id from {MartenTables.Documents}forumthread where id = any($1) order by id";

    private const string Remember = $"""
        insert into {ErasureTable.Table} (position, member_id, subject, thread_ids)
        select max(position), $1, $2, $3 from {MartenTables.Events} e where stream_id = $1
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
        await ExecuteAsync(
            connection,
            "set local idle_in_transaction_session_timeout = 0; " + OneAtATime,
            cancellation
        );
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
        var person = new PersonalValues(memberId, scope, number);
        var erased = new List<ErasedEvent>();
        // Most of it is found while others write.
        var settled = await ScalarAsync(connection, Settled, cancellation);
        await AddAsync(0, settled);
        await ExecuteAsync(connection, NobodyWrites, cancellation);
        await AddAsync(settled, long.MaxValue);
        if (erased.Count == 0)
        {
            return (ErasureRefusals.ErasedAlready, null);
        }

        await PersonalEvents.StoreAsync(connection, erased, cancellation);
        var threads = await MakeRowsAsync(session, connection, member, number, erased, cancellation);
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
        await using var remember = new NpgsqlCommand(Remember, connection);
        remember.Parameters.AddWithValue(memberId);
        remember.Parameters.AddWithValue(member.Subject);
        remember.Parameters.AddWithValue(threads.ToArray());
        var position = (long)(await remember.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(CancellationToken.None);
        completion.Wake();
        return (null, new ErasureReceipt(memberId, PersonalValues.Name(number), batch, counts, position));

        async Task AddAsync(long after, long upTo)
        {
            await foreach (
                var one in PersonalEvents.FindAsync(connection, memberId, person, after, upTo, progress, cancellation)
            )
            {
                erased.Add(one);
            }
        }
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

    /// <summary>The rows that are stored with events; the answer is the threads whose words are others now.</summary>
    private static async Task<IReadOnlyList<Guid>> MakeRowsAsync(
        IDocumentSession session,
        NpgsqlConnection connection,
        Member member,
        int number,
        IReadOnlyList<ErasedEvent> erased,
        CancellationToken cancellation
    )
    {
        var rows = new ErasedRows(session, connection);
        var changed = erased.Where(one => one.HasLostData).ToList();
        var posts = changed.Select(one => one.PostId).OfType<Guid>().Distinct().ToList();
        var streams = changed.Select(one => one.Event.StreamId).Distinct().ToArray();
        var threads = new List<Guid>();
        await using (var find = new NpgsqlCommand(ThreadStreams, connection))
        {
            find.Parameters.AddWithValue(streams);
            await using var found = await find.ExecuteReaderAsync(cancellation);
            while (await found.ReadAsync(cancellation))
            {
                threads.Add(found.GetGuid(0));
            }
        }

        await rows.MakePostsAsync(posts, cancellation);
        await rows.MakeHeadersAsync(threads, cancellation);
        await rows.MakeAggregatesAsync([.. streams.Except(threads)], cancellation);
        await NameSkeletons.ReplaceAsync(connection, member.Name, PersonalValues.Name(number), cancellation);
        return await rows.ThreadsAsync(posts, threads, cancellation);
    }

    private static async Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(
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
    ) => PersonalValues.NumberIn(member.Name) ?? (int)await ScalarAsync(connection, LastNumber, cancellation) + 1;

    internal static async Task<long> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
