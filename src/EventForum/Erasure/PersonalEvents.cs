using System.Runtime.CompilerServices;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Erasure;

/// <summary>Finds the events that hold something of a person, and stores them without it.</summary>
internal static class PersonalEvents
{
    /// <summary>Where the person did something, and where what it wrote has come to.</summary>
    private const string Streams = $"""
        select stream_id from {MartenTables.Events} e where user_name = $1::text
        union
        select thread_id from {PostTable.Table} where author_id = $1
        union
        select thread_id from {PostTable.Table}
         where post_id in (select post_id from {PostTable.Table} where edited_by = $1)
        union
        select $1
        """;

    private const string Columns = "position, stream_id, type, data::text, headers::text, user_name";

    private const string OfPerson = $"""
        select {Columns} from {MartenTables.Events} e
         where stream_id in ({Streams}) and position > $2 and position <= $3
         order by position
        """;

    private const string Reasons = $"""
        select {Columns} from {MartenTables.Events} e
         where timestamp < $1 and position > $2 and position <= $3 and jsonb_path_exists(data, '$.**.reason')
         order by position
        """;

    private const string Subjects = $"""
        select {Columns} from {MartenTables.Events} e
         where type = 'member_registered' and timestamp < $1 and position > $2 and position <= $3
           and (headers is null or not headers ? 'import') and data ->> 'subject' !~ '^({EventSalts.ErasedSubject}|{EventSalts.ExpiredSubject})'
           and not exists (select from {MartenTables.Events} act where act.user_name = e.stream_id::text and act.timestamp >= $1)
         order by position
        """;

    /// <summary>In the order in which commands lock them.</summary>
    private const string NobodyWrites =
        $"lock table {MartenTables.Streams}, {MartenTables.EventTable} in exclusive mode";

    private const string Settled = $"""
        select coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = 'HighWaterMark'), 0)
        """;

    private const string Changed = $"""
        select exists (select from unnest($1, $2, $3) as n(position, data, headers)
                         join {MartenTables.Events} e using (position)
                        where e.data <> n.data or e.headers is distinct from n.headers)
        """;

    private const string Update = $"""
        update {MartenTables.EventTable} e set data = n.data, headers = n.headers
          from unnest($1, $2, $3) as n(position, data, headers) where e.{MartenTables.Position} = n.position
        """;

    private const int AtOnce = 1_000;

    /// <summary>The person's events of a range of positions, in their order, without the person.</summary>
    public static IAsyncEnumerable<ErasedEvent> FindAsync(
        NpgsqlConnection connection,
        Guid member,
        PersonalValues person,
        long after,
        long upTo,
        Action<long, long>? progress = null,
        CancellationToken cancellation = default
    ) => ReadAsync(connection, OfPerson, member, after, upTo, person.Of, progress, cancellation);

    /// <summary>What is not to be kept for longer, of a range of positions.</summary>
    public static async IAsyncEnumerable<ErasedEvent> FindAsync(
        NpgsqlConnection connection,
        Expiry expiry,
        long after,
        long upTo,
        Action<long, long>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        if (expiry.Reasons is { } reasons)
        {
            await foreach (
                var one in ReadAsync(
                    connection,
                    Reasons,
                    reasons.ToUniversalTime(),
                    after,
                    upTo,
                    ExpiredValues.Reasons,
                    progress,
                    cancellation
                )
            )
            {
                yield return one;
            }
        }

        if (expiry.Subjects is { } subjects)
        {
            await foreach (
                var one in ReadAsync(
                    connection,
                    Subjects,
                    subjects.ToUniversalTime(),
                    after,
                    upTo,
                    ExpiredValues.Subject,
                    progress,
                    cancellation
                )
            )
            {
                yield return one;
            }
        }
    }

    /// <summary>
    /// Collects what is to be taken out, and has nobody write until the transaction ends: most of it is found while others write.
    /// </summary>
    /// <param name="begin">Begins to find, from the first event on; what it gives finds in a range of positions that follow each other.</param>
    public static async Task<List<ErasedEvent>> CollectAsync(
        NpgsqlConnection connection,
        Func<Func<long, long, IAsyncEnumerable<ErasedEvent>>> begin,
        CancellationToken cancellation
    )
    {
        var settled = await Erasures.ScalarAsync(connection, Settled, cancellation);
        var find = begin();
        var found = await find(0, settled).ToListAsync(cancellation);
        await Erasures.ExecuteAsync(connection, NobodyWrites, cancellation);
        await using var changed = new NpgsqlCommand(Changed, connection) { CommandTimeout = 0 };
        changed.Parameters.AddWithValue(found.Select(one => one.Event.Position).ToArray());
        changed.Parameters.Add(Json(found.Select(one => (string?)one.Event.Data)));
        changed.Parameters.Add(Json(found.Select(one => one.Event.Headers)));
        if (await changed.ExecuteScalarAsync(cancellation) is true)
        {
            // Something was taken out of these events meanwhile, and must not come back.
            find = begin();
            return await find(0, long.MaxValue).ToListAsync(cancellation);
        }

        found.AddRange(await find(settled, long.MaxValue).ToListAsync(cancellation));
        return found;
    }

    private static async IAsyncEnumerable<ErasedEvent> ReadAsync(
        NpgsqlConnection connection,
        string sql,
        object about,
        long after,
        long upTo,
        Func<HeldEvent, ErasedEvent?> take,
        Action<long, long>? progress,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var read = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        read.Parameters.AddWithValue(about);
        read.Parameters.AddWithValue(after);
        read.Parameters.AddWithValue(upTo);
        await using var rows = await read.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var e = new HeldEvent(
                rows.GetInt64(0),
                rows.GetGuid(1),
                rows.GetString(2),
                rows.GetString(3),
                await rows.IsDBNullAsync(4, cancellation) ? null : rows.GetString(4),
                await rows.IsDBNullAsync(5, cancellation) ? null : rows.GetString(5)
            );
            progress?.Invoke(e.Position, upTo);
            if (take(e) is { } erased)
            {
                yield return erased;
            }
        }
    }

    public static IReadOnlyList<ErasedCount> CountsOf(IEnumerable<ErasedEvent> erased) =>
        [
            .. erased
                .GroupBy(one => one.Event.Type, StringComparer.Ordinal)
                .OrderBy(type => type.Key, StringComparer.Ordinal)
                .Select(type => new ErasedCount(type.Key, type.Count())),
        ];

    /// <summary>Stores them in the connection's transaction, and forgets the salts of what they lost.</summary>
    public static async Task StoreAsync(
        NpgsqlConnection connection,
        IReadOnlyList<ErasedEvent> erased,
        CancellationToken cancellation
    )
    {
        foreach (var some in erased.Chunk(AtOnce))
        {
            await using var update = new NpgsqlCommand(Update, connection) { CommandTimeout = 0 };
            update.Parameters.AddWithValue(some.Select(one => one.Event.Position).ToArray());
            update.Parameters.Add(Json(some.Select(one => (string?)one.Data)));
            update.Parameters.Add(Json(some.Select(one => one.Headers)));
            await update.ExecuteNonQueryAsync(cancellation);
            foreach (var one in some)
            {
                await EventSalts.ForgetAsync(connection, one.Event.Position, one.Forgotten, cancellation);
            }
        }
    }

    private static NpgsqlParameter Json(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
}
