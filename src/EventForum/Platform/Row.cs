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

    /// <summary>Reads a row as <c>to_jsonb</c> gives it.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Names)!;

    /// <summary>Writes rows by one statement from an array a column, however many there are.</summary>
    /// <param name="onConflict">The columns that name a row, and what becomes of the <c>known</c> one that has them.</param>
    public static void QueueRows<T>(
        this IDocumentOperations operations,
        string table,
        IReadOnlyList<T> rows,
        string onConflict
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        var properties = typeof(T).GetProperties();
        var columns = properties.Select(property => Names.PropertyNamingPolicy!.ConvertName(property.Name));
        var arrays = properties.Select(property =>
        {
            var values = Array.CreateInstance(property.PropertyType, rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                values.SetValue(property.GetValue(rows[i]), i);
            }

            return (object)values;
        });
        operations.QueueSqlCommand(
            $"""
            insert into {table} as known ({string.Join(", ", columns)})
            select * from unnest({string.Join(", ", properties.Select(_ => "?"))}) on conflict {onConflict}
            """,
            [.. arrays]
        );
    }
}
