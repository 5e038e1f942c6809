using System.Globalization;
using System.Text;
using EventForum.Platform;
using JasperFx.Events;
using Npgsql;

namespace EventForum.Questions;

/// <summary>
/// Reads events in the order of their positions, as they come over the connection. It asks for some positions at a time:
/// each statement is a transaction of its own, which holds up neither views nor VACUUM and is not cancelled on a standby.
/// </summary>
internal sealed class EventReader(NpgsqlDataSource database)
{
    /// <summary>How many positions one statement reads; between two it is known how far the reading is.</summary>
    private const long Slice = 20_000;

    private const string Next = $"select min(position) from {MartenTables.Events} e where position > $1";

    private const string Last = $"select coalesce(max(position), 0) from {MartenTables.Events} e";

    /// <summary>
    /// Gives each event of some kinds to <paramref name="take"/>, up to the last position at the beginning: events that are
    /// stored meanwhile are not waited for.
    /// </summary>
    /// <param name="reached">Gets the position that the reading has come to, of how many.</param>
    public async Task ReadAsync(
        IReadOnlyCollection<EventKind> kinds,
        EventFilter filter,
        Action<EventKind, IEvent> take,
        Action<long, long> reached,
        CancellationToken cancellation
    )
    {
        var byName = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var last = await PositionAsync(connection, Last, null, cancellation) ?? 0;
        // Positions may have gaps of any size.
        var next = await PositionAsync(connection, Next, 0, cancellation);
        while (next is { } first && first <= last)
        {
            var end = filter.Thread is null ? Math.Min(last, first + Slice - 1) : last;
            await using (var command = Command(connection, byName.Keys, filter, first, end))
            {
                await ReadAsync(command, byName, take, position => reached(position, last), cancellation);
            }

            reached(end, last);
            next = end < last ? await PositionAsync(connection, Next, end, cancellation) : null;
        }
    }

    private static async Task ReadAsync(
        NpgsqlCommand command,
        Dictionary<string, EventKind> kinds,
        Action<EventKind, IEvent> take,
        Action<long> reached,
        CancellationToken cancellation
    )
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var kind = kinds[reader.GetString(3)];
            var e = kind.Read(reader.GetString(6));
            e.Sequence = reader.GetInt64(0);
            e.StreamId = reader.GetGuid(1);
            e.Version = reader.GetInt64(2);
            e.Timestamp = reader.GetFieldValue<DateTimeOffset>(4);
            e.UserName = reader.IsDBNull(5) ? null : reader.GetString(5);
            take(kind, e);
            reached(e.Sequence);
        }
    }

    private static NpgsqlCommand Command(
        NpgsqlConnection connection,
        IEnumerable<string> types,
        EventFilter filter,
        long first,
        long end
    )
    {
        var command = new NpgsqlCommand { Connection = connection };
        var sql = new StringBuilder(
            $"""
            select e.position, e.stream_id, e.version, e.type, e.timestamp, e.user_name, e.data{(
                filter.Bodies ? "" : " - 'body'"
            )}
              from {MartenTables.Events} e
             where e.position >= $1 and e.position <= $2 and e.type = any($3)
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = first });
        command.Parameters.Add(new NpgsqlParameter { Value = end });
        command.Parameters.Add(new NpgsqlParameter { Value = types.ToArray() });
        And("e.timestamp >=", filter.From?.ToUniversalTime());
        And("e.timestamp <", filter.To?.ToUniversalTime());
        And("e.user_name =", filter.Member?.ToString());
        And("e.stream_id =", filter.Thread);
        And(
            $"coalesce((select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = e.stream_id), e.stream_id) =",
            filter.Board
        );
        sql.Append(" order by e.position");
        command.CommandText = sql.ToString();
        return command;

        void And(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
                sql.Append(CultureInfo.InvariantCulture, $" and {condition} ${command.Parameters.Count}");
            }
        }
    }

    private static async Task<long?> PositionAsync(
        NpgsqlConnection connection,
        string sql,
        long? after,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (after is { } position)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = position });
        }

        return await command.ExecuteScalarAsync(cancellation) as long?;
    }
}
