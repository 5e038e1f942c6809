using System.Reflection;
using System.Text.Json;
using Marten;

namespace EventForum.Platform;

/// <summary>A row of a table as a record whose properties are its columns: <c>FromVersion</c> is <c>from_version</c>.</summary>
internal static class Row
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly Dictionary<Type, string> ColumnTypes = new()
    {
        [typeof(Guid)] = "uuid",
        [typeof(int)] = "integer",
        [typeof(long)] = "bigint",
        [typeof(double)] = "double precision",
        [typeof(bool)] = "boolean",
        [typeof(string)] = "text",
        [typeof(DateTimeOffset)] = "timestamp with time zone",
        [typeof(DateOnly)] = "date",
    };

    /// <summary>Reads a row as <c>to_jsonb</c> gives it.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Names)!;

    public static string Column(PropertyInfo property) => Names.PropertyNamingPolicy!.ConvertName(property.Name);

    /// <summary>What PostgreSQL calls the type; lists and records are kept as JSON.</summary>
    public static string ColumnType(Type type) =>
        ColumnTypes.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type, "jsonb");

    /// <summary>The values of a column, for a parameter of that type's array; JSON goes as text.</summary>
    public static object Array<T>(PropertyInfo property, IReadOnlyList<T> rows)
    {
        return ColumnType(property.PropertyType) == "jsonb"
            ? rows.Select(row => property.GetValue(row) is { } value ? JsonSerializer.Serialize(value, Names) : null)
                .ToArray()
            : Values.MakeGenericMethod(typeof(T), property.PropertyType).Invoke(null, [property, rows])!;
    }

    private static readonly MethodInfo Values = typeof(Row).GetMethod(
        nameof(ValuesOf),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    private static TValue[] ValuesOf<T, TValue>(PropertyInfo property, IReadOnlyList<T> rows)
    {
        var get = property.GetMethod!.CreateDelegate<Func<T, TValue>>();
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = get(rows[i]);
        }

        return values;
    }

    /// <summary>Writes rows by one statement from an array a column, however many there are.</summary>
    /// <param name="onConflict">
    /// The columns that name a row, and what becomes of the <c>known</c> one that has them; null for rows that are all
    /// new, which takes PostgreSQL half as long.
    /// </param>
    public static void QueueRows<T>(
        this IDocumentOperations operations,
        string table,
        IReadOnlyList<T> rows,
        string? onConflict
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        var properties = typeof(T).GetProperties();
        var arrays = properties.Select(property => ColumnType(property.PropertyType) == "jsonb" ? "?::jsonb[]" : "?");
        operations.QueueSqlCommand(
            $"""
            insert into {table} as known ({string.Join(", ", properties.Select(Column))})
            select * from unnest({string.Join(", ", arrays)}) {(onConflict is null ? "" : "on conflict " + onConflict)}
            """,
            [.. properties.Select(property => Array(property, rows))]
        );
    }
}
