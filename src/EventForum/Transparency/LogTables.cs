using EventForum.Platform;
using Weasel.Postgresql.Tables;

namespace EventForum.Transparency;

/// <summary>Where the log is kept. Everything but salts is only ever added to.</summary>
internal static class LogTables
{
    /// <summary>A row a leaf, in the order of the tree: <c>index</c> from 0, and the event's <c>position</c>.</summary>
    public const string Leaves = Store.Schema + ".log_leaves";

    /// <summary>The hashes of the tree, as they are served.</summary>
    public const string Tiles = Store.Schema + ".log_tiles";

    public static IEnumerable<Table> All()
    {
        var leaves = new Table(Leaves);
        leaves.AddColumn<long>("index").AsPrimaryKey();
        leaves.AddColumn<long>("position").NotNull().AddIndex(index => index.IsUnique = true);
        leaves.AddColumn("commitment", "bytea").NotNull();
        leaves.AddColumn<string>("record").NotNull();
        var tiles = new Table(Tiles);
        tiles.AddColumn<int>("level").AsPrimaryKey();
        tiles.AddColumn<long>("index").AsPrimaryKey();
        tiles.AddColumn("hashes", "bytea").NotNull();
        var head = new Table(EventSalts.Head);
        head.AddColumn<int>("id").AsPrimaryKey();
        head.AddColumn<long>("size").NotNull();
        head.AddColumn<long>("position").NotNull();
        head.AddColumn<string>("key").NotNull();
        head.AddColumn<string>("note").NotNull();
        return [leaves, tiles, head, EventSalts.Schema()];
    }
}

/// <summary>How far the log is.</summary>
/// <param name="Size">How many events are in it.</param>
/// <param name="Position">Of the last of them.</param>
/// <param name="Key">The verifier key that goes with its checkpoints.</param>
/// <param name="Note">The checkpoint, signed.</param>
internal sealed record LogHead(long Size, long Position, string Key, string Note)
{
    public const string Query = $"select size, position, key, note from {EventSalts.Head} where id = 1";

    public static async Task<LogHead?> ReadAsync(Npgsql.NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LogHead(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3))
            : null;
    }
}
