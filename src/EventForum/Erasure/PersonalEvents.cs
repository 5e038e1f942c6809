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
        select $1
        """;

    private const string Held = $"""
        select position, stream_id, type, data::text, headers::text, user_name
          from {MartenTables.Events} e
         where stream_id in ({Streams}) and position > $2 and position <= $3
         order by position
        """;

    private const string Update = $"""
        update {MartenTables.EventTable} e set data = n.data, headers = n.headers
          from unnest($1, $2, $3) as n(position, data, headers) where e.{MartenTables.Position} = n.position
        """;

    private const int AtOnce = 1_000;

    /// <summary>The person's events of a range of positions, in their order, without the person.</summary>
    public static async IAsyncEnumerable<ErasedEvent> FindAsync(
        NpgsqlConnection connection,
        Guid member,
        PersonalValues person,
        long after,
        long upTo,
        Action<long, long>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await using var read = new NpgsqlCommand(Held, connection) { CommandTimeout = 0 };
        read.Parameters.AddWithValue(member);
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
            if (person.Of(e) is { } erased)
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

        static NpgsqlParameter Json(IEnumerable<string?> values) =>
            new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
    }
}
