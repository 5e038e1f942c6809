using System.Text.Json;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads;

/// <summary>Reads rows of <see cref="PostTable"/>, which a query calls <c>p</c>.</summary>
internal static class PostColumns
{
    /// <summary>How a post stands, without its texts.</summary>
    public const string Standing =
        "p.post_id, p.thread_id, p.number, p.author_id, p.posted_at, p.answered_version, p.from_version, p.revision, p.edited_at, p.edited_by, p.edit_reason, p.removed_at, p.removed_by, p.removal_reason, p.author_removed_at, p.author_removal_reason, p.masked, p.masked_length, p.format, p.parent_id, p.is_late";

    public const string All = Standing + ", p.quotes, p.body";

    /// <summary>How many columns <see cref="Read"/> reads: what a query selects besides comes behind them.</summary>
    public const int Count = 23;

    /// <summary>
    /// A row whose columns come first: those of <see cref="Standing"/>, the quotes and the body. The last two may be null
    /// where they were not asked for; they are empty then.
    /// </summary>
    public static PostRow Read(NpgsqlDataReader reader)
    {
        var authorId = reader.GetGuid(3);
        var quotes = Text(21);
        return new PostRow(
            reader.GetGuid(0),
            reader.GetGuid(1),
            reader.GetInt32(2),
            authorId,
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.IsDBNull(5) ? null : reader.GetInt64(5),
            reader.GetInt64(6),
            reader.GetInt32(7),
            Time(8),
            Id(9),
            Text(10),
            new Holds(
                Id(12) is { } by ? new Hold(by, reader.GetFieldValue<DateTimeOffset>(11), Text(13)) : null,
                Time(14) is { } at ? new Hold(authorId, at, Text(15)) : null
            ),
            Text(22) ?? "",
            quotes is null or "[]"
                ? []
                : JsonSerializer.Deserialize<IReadOnlyList<Quote>>(quotes, JsonSerializerOptions.Web)!
        )
        {
            Mask = Text(16) is { } why
                ? new Mask(Enum.Parse<Masking>(why, ignoreCase: true), reader.GetInt32(17))
                : null,
            Format = Format(reader, 18),
            ParentId = Id(19),
            IsLate = !reader.IsDBNull(20),
        };

        Guid? Id(int i) => reader.IsDBNull(i) ? null : reader.GetGuid(i);
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        DateTimeOffset? Time(int i) => reader.IsDBNull(i) ? null : reader.GetFieldValue<DateTimeOffset>(i);
    }

    /// <summary>A format; a post in Markdown has none.</summary>
    public static PostFormat Format(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? PostFormat.Markdown : PostFormats.Find(reader.GetString(column))!.Value;

    /// <summary>
    /// A revision as rules see it. Behind the row come whether it holds now, and the author's name or null; a body that is
    /// null was not asked for.
    /// </summary>
    public static PostState ReadState(NpgsqlDataReader reader) =>
        new(
            Read(reader),
            reader.IsDBNull(Count + 1) ? null : reader.GetString(Count + 1),
            !reader.IsDBNull(Count - 1),
            reader.GetBoolean(Count)
        );
}
