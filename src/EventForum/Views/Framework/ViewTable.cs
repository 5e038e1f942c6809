using System.ComponentModel.DataAnnotations;
using System.Reflection;
using EventForum.Platform;
using Marten;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Views.Framework;

/// <summary>The table of a view's rows: a column a property.</summary>
internal sealed class ViewTable<TRow>(string name)
    where TRow : class
{
    private static readonly PropertyInfo[] Properties = typeof(TRow).GetProperties();

    private static readonly PropertyInfo[] Keys =
    [
        .. Properties.Where(property => property.IsDefined(typeof(KeyAttribute))),
    ];

    private static readonly string KeyColumns = string.Join(", ", Keys.Select(Row.Column));

    private static readonly NullabilityInfoContext Nullability = new();

    // The limit keeps the planner from reading the table as a whole.
    private readonly string load = $"""
        select n.i, to_jsonb(t)::text
          from unnest({string.Join(", ", Keys.Select((_, i) => $"${i + 1}"))}) with ordinality n({KeyColumns}, i)
         cross join lateral (
                select * from {name} known
                 where {string.Join(" and ", Keys.Select(Row.Column).Select(c => $"known.{c} = n.{c}"))}
                 limit 1) t
        """;

    private readonly string delete = $"""
        delete from {name} where ({KeyColumns}) in (select * from unnest({string.Join(", ", Keys.Select(_ => "?"))}))
        """;

    private static readonly string OnConflict =
        $"({KeyColumns}) do "
        + (
            Properties.Length == Keys.Length
                ? "nothing"
                : $"update set {string.Join(", ", Properties.Except(Keys).Select(Row.Column).Select(c => $"{c} = excluded.{c}"))}"
        );

    public string Name { get; } = name;

    public static IReadOnlyList<string> Columns { get; } = [.. Properties.Select(Row.Column)];

    public Table Schema(IReadOnlyList<string[]> indexes)
    {
        if (Keys.Length == 0)
        {
            throw new InvalidOperationException(
                $"{typeof(TRow)} names no key: mark the properties that name a row with [property: Key]."
            );
        }

        var table = new Table(Name);
        foreach (var property in Properties)
        {
            var column = table.AddColumn(Row.Column(property), Row.ColumnType(property.PropertyType));
            if (Keys.Contains(property))
            {
                column.AsPrimaryKey();
            }
            else if (!MayBeNull(property))
            {
                column.NotNull();
            }
        }

        foreach (var columns in indexes)
        {
            table.Indexes.Add(
                new IndexDefinition($"{Name.Split('.')[^1]}_{string.Join('_', columns)}") { Columns = columns }
            );
        }

        return table;
    }

    /// <summary>The rows that there are of those asked for, by their place among them.</summary>
    public async Task<Dictionary<int, TRow>> LoadAsync(
        IQuerySession session,
        IReadOnlyList<TRow> wanted,
        CancellationToken cancellation
    )
    {
        var rows = new Dictionary<int, TRow>();
        if (wanted.Count == 0)
        {
            return rows;
        }

        await using var command = new NpgsqlCommand(load);
        foreach (var key in Keys)
        {
            command.Parameters.AddWithValue(Row.Array(key, wanted));
        }

        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows[(int)reader.GetInt64(0) - 1] = Row.Read<TRow>(reader.GetString(1));
        }

        return rows;
    }

    public void QueueInsert(IDocumentOperations operations, IReadOnlyList<TRow> rows) =>
        operations.QueueRows(Name, rows, onConflict: null);

    public void QueueUpdate(IDocumentOperations operations, IReadOnlyList<TRow> rows) =>
        operations.QueueRows(Name, rows, OnConflict);

    public void QueueDelete(IDocumentOperations operations, IReadOnlyList<TRow> rows)
    {
        if (rows.Count > 0)
        {
            operations.QueueSqlCommand(delete, [.. Keys.Select(key => Row.Array(key, rows))]);
        }
    }

    private static bool MayBeNull(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).ReadState == NullabilityState.Nullable;
        }
    }
}
