using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Reads the log where answers are read. What it tells holds no values, so everybody may have it.</summary>
internal sealed class LogReads([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database)
{
    private const string Hashes = $"select hashes from {LogTables.Tiles} where level = $1 and index = $2";

    private const string Leaves = $"""
        select position, commitment from {LogTables.Leaves} where index >= $1 and index < $2 order by index
        """;

    private const string ByPosition = $"""
        select leaf.index, leaf.commitment, leaf.record, salt.salts::text
          from {LogTables.Leaves} leaf join {EventSalts.Table} salt using (position) where position = $1
        """;

    public async Task<LogHead?> HeadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(LogHead.Query);
        return await LogHead.ReadAsync(command, cancellation);
    }

    /// <summary>A tile of hashes; null where the tree has not come so far.</summary>
    public async Task<byte[]?> HashesAsync(Tile tile, CancellationToken cancellation)
    {
        var hashes = await AllHashesAsync(tile.Level, tile.Index, cancellation);
        return hashes.Length >= tile.Width * Tile.HashBytes ? hashes[..(tile.Width * Tile.HashBytes)] : null;
    }

    private async Task<byte[]> AllHashesAsync(int level, long index, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Hashes);
        command.Parameters.AddWithValue(level);
        command.Parameters.AddWithValue(index);
        return await command.ExecuteScalarAsync(cancellation) as byte[] ?? [];
    }

    /// <summary>A tile of leaves, each behind its length in two bytes; null where the tree has not come so far.</summary>
    public async Task<byte[]?> EntriesAsync(Tile tile, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Leaves);
        command.Parameters.AddWithValue(tile.Index * Tile.Full);
        command.Parameters.AddWithValue((tile.Index * Tile.Full) + tile.Width);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        using var entries = new MemoryStream();
        var count = 0;
        var length = new byte[2];
        while (await reader.ReadAsync(cancellation))
        {
            var entry = Encoding.UTF8.GetBytes(Leaf.Entry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)entry.Length));
            entries.Write(length);
            entries.Write(entry);
            count++;
        }

        return count == tile.Width ? entries.ToArray() : null;
    }

    public async Task<LoggedLeaf?> FindAsync(long position, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ByPosition);
        command.Parameters.AddWithValue(position);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LoggedLeaf(
                reader.GetInt64(0),
                reader.GetFieldValue<byte[]>(1),
                reader.GetString(2),
                LoggedLeaf.SaltsIn(reader.GetString(3))
            )
            : null;
    }

    /// <summary>The hash of a perfect subtree, out of tiles that are read once.</summary>
    public Func<int, long, Task<byte[]>> Subtrees(CancellationToken cancellation)
    {
        var known = new Dictionary<(int, long), byte[]>();
        return async (level, index) =>
        {
            var (tileLevel, tileIndex, first, count) = Tile.Holding(level, index);
            if (!known.TryGetValue((tileLevel, tileIndex), out var hashes))
            {
                hashes = known[(tileLevel, tileIndex)] = await AllHashesAsync(tileLevel, tileIndex, cancellation);
            }

            return hashes.Length >= (first + count) * Tile.HashBytes
                ? MerkleTree.Perfect([.. hashes.Chunk(Tile.HashBytes).Skip(first).Take(count)])
                : throw new InvalidOperationException($"The tile {tileLevel}/{tileIndex} of the log lacks hashes.");
        };
    }
}

/// <summary>A leaf as it is stored.</summary>
/// <param name="Salts">Of the values that have not been forgotten, by path.</param>
internal sealed record LoggedLeaf(
    long Index,
    byte[] Commitment,
    string Record,
    IReadOnlyDictionary<string, string> Salts
)
{
    /// <summary>What is no text there is no salt.</summary>
    public static IReadOnlyDictionary<string, string> SaltsIn(string json) =>
        JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } salts
            ? salts
                .EnumerateObject()
                .Where(salt => salt.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(salt => salt.Name, salt => salt.Value.GetString()!, StringComparer.Ordinal)
            : [];
}
