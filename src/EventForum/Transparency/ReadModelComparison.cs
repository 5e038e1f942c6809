using System.Text.Json;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>A row that is not what the events say.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Key">Of the row, as JSON.</param>
/// <param name="What">The columns that differ, or that the row is missing or that there is none by the events.</param>
internal sealed record RowFlaw(string Table, string Key, string What)
{
    public const string Missing = "the row is missing";

    public const string None = "the events make no such row";

    public static string Differ(IEnumerable<string> columns) =>
        $"{string.Join(", ", columns)} is not what the events say";

    public override string ToString() => $"row: {Table} {Key}: {What}";
}

/// <param name="Flaws">Some of a table at most, in the order of tables and keys.</param>
/// <param name="Count">How many there are altogether.</param>
internal sealed record ReadModelReport(IReadOnlyList<RowFlaw> Flaws, long Count);

/// <summary>Compares the rows that were copied with those that were made, table by table.</summary>
internal sealed class ReadModelComparison(AsideDatabase aside)
{
    /// <summary>How many rows of a table are named.</summary>
    private const int MostNamed = 100;

    public async Task<ReadModelReport> RunAsync(Action<long, long> progress, CancellationToken cancellation)
    {
        var flaws = new List<RowFlaw>();
        var count = 0L;
        await using var connection = await aside.Source.OpenConnectionAsync(cancellation);
        foreach (var (done, table) in aside.Tables.Index())
        {
            progress(done, aside.Tables.Count + 1);
            await using var command = new NpgsqlCommand(Comparison(table), connection) { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                count += flaws.Count == 0 || flaws[^1].Table != Qualified(table) ? reader.GetInt64(0) : 0;
                flaws.Add(
                    Difference(
                        table,
                        reader.IsDBNull(1) ? null : JsonElement.Parse(reader.GetString(1)),
                        reader.IsDBNull(2) ? null : JsonElement.Parse(reader.GetString(2))
                    )
                );
            }
        }

        var texts = 0;
        await foreach (var flaw in RenderedTextComparison.FindAsync(connection))
        {
            if (texts++ < MostNamed)
            {
                flaws.Add(flaw);
            }
        }

        return new ReadModelReport(flaws, count + texts);
    }

    /// <summary>What differs between a row and what the events make of it.</summary>
    internal static RowFlaw Difference(ReadModelTable table, JsonElement? stored, JsonElement? made)
    {
        var key = string.Join(
            ", ",
            table.Key.Select(column => $"{column} {(stored ?? made)!.Value.GetProperty(column)}")
        );
        return new RowFlaw(
            Qualified(table),
            key,
            stored is null ? RowFlaw.Missing
                : made is null ? RowFlaw.None
                : RowFlaw.Differ(Members("", stored.Value, made.Value))
        );
    }

    /// <summary>The columns that differ; of one that holds an object, its members.</summary>
    private static IEnumerable<string> Members(string path, JsonElement stored, JsonElement made) =>
        (stored.ValueKind, made.ValueKind) == (JsonValueKind.Object, JsonValueKind.Object)
            ? stored
                .EnumerateObject()
                .Concat(made.EnumerateObject())
                .Select(member => member.Name)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(name =>
                {
                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    return stored.TryGetProperty(name, out var one) && made.TryGetProperty(name, out var other)
                        ? JsonElement.DeepEquals(one, other)
                            ? []
                            : Members(at, one, other)
                        : [at];
                })
            : [path];

    private static string Qualified(ReadModelTable table) => $"{Store.Schema}.{table.Name}";

    /// <summary>How many rows differ, and some of them: as they are stored, and as the events make them.</summary>
    private static string Comparison(ReadModelTable table)
    {
        var key = string.Join(", ", table.Key.Select(column => $"\"{column}\""));
        return $"""
            select count(*) over (), to_jsonb(s) - 'there', to_jsonb(m) - 'there'
              from (select true as there, * from {AsideDatabase.Stored}.{table.Name}) s
              full join (select true as there, {Columns("t")} from {Qualified(table)} t) m using ({key})
             where s.there is null or m.there is null or ({Columns("s")}) is distinct from ({Columns("m")})
             order by {key} limit {MostNamed}
            """;

        string Columns(string alias) => string.Join(", ", table.Columns.Select(column => $"{alias}.\"{column}\""));
    }
}
