using System.Runtime.CompilerServices;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Reads the leaves of the log beside their events and looks at them, some thousand at a time.</summary>
internal sealed class LeafReader(NpgsqlConnection connection) : IDisposable
{
    private const int AtOnce = 2_000;

    private static readonly string Bounds = $"""
        select index from (select index, row_number() over (order by index) as number from {LogTables.Leaves}) leaf
         where number % {AtOnce} = 1 order by index
        """;

    // PostgreSQL would carry whole rows through a sort.
    private const string Leaves = $"""
        select l.index, l.position, l.commitment, l.record, s.salts::text, {LoggedEvent.Columns}
          from {LogTables.Leaves} l
          left join {EventSalts.Table} s on s.position = l.position
          left join {MartenTables.Events} e on e.position = l.position
         where l.index >= $1 and l.index < $2
        """;

    private readonly RecordMaker maker = new();

    /// <summary>All leaves in the order of the tree.</summary>
    /// <param name="connections">They see the same; each reads another part at the same time.</param>
    public static async IAsyncEnumerable<IReadOnlyList<LookedAt>> ReadAllAsync(
        IReadOnlyList<NpgsqlConnection> connections,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var bounds = new List<long>();
        await using (var command = new NpgsqlCommand(Bounds, connections[0]) { CommandTimeout = 0 })
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                bounds.Add(rows.GetInt64(0));
            }
        }

        var readers = connections.Select(connection => new LeafReader(connection)).ToList();
        var reading = new Queue<Task<List<LookedAt>>>();
        try
        {
            for (var i = 0; i < bounds.Count; i++)
            {
                if (reading.Count == readers.Count)
                {
                    // The oldest part is read by the reader whose turn it is.
                    yield return await reading.Dequeue();
                }

                var (reader, from) = (readers[i % readers.Count], bounds[i]);
                var to = i + 1 < bounds.Count ? bounds[i + 1] : long.MaxValue;
                reading.Enqueue(Task.Run(() => reader.ReadAsync(from, to, cancellation), cancellation));
            }

            while (reading.TryDequeue(out var last))
            {
                yield return await last;
            }
        }
        finally
        {
            Task rest = Task.WhenAll(reading);
            await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            readers.ForEach(reader => reader.Dispose());
        }
    }

    public void Dispose() => maker.Dispose();

    private async Task<List<LookedAt>> ReadAsync(long from, long to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Leaves, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(to);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var looked = new List<LookedAt>(AtOnce);
        while (await rows.ReadAsync(cancellation))
        {
            looked.Add(
                LookedAt.Of(
                    new StoredLeaf(
                        rows.GetInt64(0),
                        rows.GetInt64(1),
                        rows.GetFieldValue<byte[]>(2),
                        rows.GetFieldValue<byte[]>(3),
                        rows.IsDBNull(4) ? null : rows.GetString(4)
                    ),
                    rows.IsDBNull(5) ? null : LoggedEvent.Read(rows, 5),
                    maker
                )
            );
        }

        looked.Sort((one, other) => one.Index.CompareTo(other.Index));
        return looked;
    }
}
