using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Marten;

namespace EventForum.Threads;

/// <summary>Inserts rows into <see cref="PostTable"/>: one by its values, several by an array a column, in one statement.</summary>
internal static class PostTableInsert
{
    private static readonly Column[] Columns =
    [
        new Column<Guid>("thread_id", "uuid", one => one.Row.ThreadId),
        new Column<int>("number", "integer", one => one.Row.Number),
        new Column<long>("from_version", "bigint", one => one.Row.FromVersion),
        new Column<long?>("to_version", "bigint", one => one.ToVersion),
        new Column<DateTimeOffset>("from_at", "timestamptz", one => one.By.Timestamp.ToUniversalTime()),
        new Column<Guid>("post_id", "uuid", one => one.Row.PostId),
        new Column<Guid>("author_id", "uuid", one => one.Row.AuthorId),
        new Column<DateTimeOffset>("posted_at", "timestamptz", one => one.Row.PostedAt.ToUniversalTime()),
        new Column<long?>("answered_version", "bigint", one => one.Row.AnsweredVersion),
        new Column<int>("revision", "integer", one => one.Row.Revision),
        new Column<string>("body", "text", one => one.Row.Body),
        new Column<string>("quotes", "jsonb", one => Json(one.Row.Quotes)) { Sent = "text" },
        new Column<DateTimeOffset?>("edited_at", "timestamptz", one => one.Row.EditedAt?.ToUniversalTime()),
        new Column<Guid?>("edited_by", "uuid", one => one.Row.EditedBy),
        new Column<string?>("edit_reason", "text", one => one.Row.EditReason),
        new Column<DateTimeOffset?>("removed_at", "timestamptz", one => one.Row.RemovedAt?.ToUniversalTime()),
        new Column<Guid?>("removed_by", "uuid", one => one.Row.RemovedBy),
        new Column<string?>("removal_reason", "text", one => one.Row.RemovalReason),
        new Column<DateTimeOffset?>("author_removed_at", "timestamptz", one => one.Row.Behind?.At.ToUniversalTime()),
        new Column<string?>("author_removal_reason", "text", one => one.Row.Behind?.Reason),
        new Column<string?>("masked", "text", one => one.Row.Mask is { } mask ? PostTable.Text(mask.Why) : null),
        new Column<int?>("masked_length", "integer", one => one.Row.Mask?.Length),
        new Column<string?>(
            "format",
            "text",
            one => one.Row.Format is PostFormat.Markdown ? null : one.Row.Format.Name()
        ),
        new Column<Guid?>("parent_id", "uuid", one => one.Row.ParentId),
        new Column<bool?>("is_late", "boolean", one => one.Row.IsLate ? true : null),
        new Column<long>("position", "bigint", one => one.By.Sequence),
    ];

    private static readonly string Names = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>
    /// An event that is being appended gets its position in this transaction, a statement before, and is found by its
    /// version; of one that is read or imported the position is known.
    /// </summary>
    private static readonly string Inserted = string.Join(
        ", ",
        Columns.Select(column =>
            column.Name == "position"
                ? $"""
                    coalesce(nullif(k.position, 0),
                             (select {MartenTables.Position} from {MartenTables.EventTable}
                               where stream_id = k.thread_id and version = k.from_version))
                    """
                : $"k.{column.Name}::{column.Type}"
        )
    );

    private static readonly string One =
        $"insert into {PostTable.Table} ({Names}) select {Inserted} from (values ({Parameters("")})) as k({Names})";

    private static readonly string Many =
        $"insert into {PostTable.Table} ({Names}) select {Inserted} from unnest({Parameters("[]")}) as k({Names})";

    public static void Queue(IDocumentOperations operations, IReadOnlyList<PostTableRows.MadeRow> rows)
    {
        if (rows.Count == 1)
        {
            operations.QueueSqlCommand(One, [.. Columns.Select(column => column.Of(rows[0])!)]);
        }
        else if (rows.Count > 1)
        {
            operations.QueueSqlCommand(Many, [.. Columns.Select(column => column.Of(rows))]);
        }
    }

    private static string Parameters(string array) =>
        string.Join(", ", Columns.Select(column => $"?::{column.Sent}{array}"));

    private static string Json(IReadOnlyList<Quote> quotes) =>
        quotes.Count == 0 ? "[]" : JsonSerializer.Serialize(quotes, JsonSerializerOptions.Web);

    private abstract record Column(string Name, string Type)
    {
        /// <summary>The type of the parameter.</summary>
        public string Sent { get; init; } = Type;

        public abstract object? Of(PostTableRows.MadeRow row);

        public abstract object Of(IReadOnlyList<PostTableRows.MadeRow> rows);
    }

    private sealed record Column<T>(string Name, string Type, Func<PostTableRows.MadeRow, T> Value) : Column(Name, Type)
    {
        public override object? Of(PostTableRows.MadeRow row) => Value(row);

        public override object Of(IReadOnlyList<PostTableRows.MadeRow> rows) => rows.Select(Value).ToArray();
    }
}
