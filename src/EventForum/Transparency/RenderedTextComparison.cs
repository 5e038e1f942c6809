using System.Text.Json;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Renders again every text that is kept as it is shown, and names those that are kept otherwise.</summary>
internal static class RenderedTextComparison
{
    private static readonly string Sql = $"""
        select r.post_id, r.revision, r.start, r.length, r.html, r.plain, r.words, p.body, p.quotes::text, p.format
          from {AsideDatabase.Stored}.{ReadModelTables.NameOf(RenderedTextTable.Table)} r
          left join lateral (
                 select body, quotes, format from {PostTable.Table}
                  where post_id = r.post_id and revision = r.revision and masked is null limit 1) p on true
         where r.renderer = {RenderedTextTable.Renderer} order by 1, 2, 3, 4
        """;

    public static async IAsyncEnumerable<RowFlaw> FindAsync(NpgsqlConnection aside)
    {
        await using var command = new NpgsqlCommand(Sql, aside) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (Difference(reader) is { } what)
            {
                yield return new RowFlaw(
                    RenderedTextTable.Table,
                    $"post_id {reader.GetGuid(0)}, revision {reader.GetInt32(1)}, start {reader.GetInt32(2)}, length {reader.GetInt32(3)}",
                    what
                );
            }
        }
    }

    private static string? Difference(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(7))
        {
            return RowFlaw.None;
        }

        var (body, start) = (reader.GetString(7), reader.GetInt32(2));
        var format = PostColumns.Format(reader, 9);
        var words = start < 0 ? null : OwnWords.Of(body, format).Text(start, reader.GetInt32(3));
        var made = words is null
            ? RenderedText.OfPost(
                body,
                format,
                JsonSerializer.Deserialize<IReadOnlyList<Quote>>(reader.GetString(8), JsonSerializerOptions.Web)!
            )
            : RenderedText.OfWords(words, format);
        var kept = RenderedTextTable.Read(reader, 4);
        string[] differing =
        [
            .. Unless(kept.Html.SequenceEqual(made.Html, StringComparer.Ordinal), "html"),
            .. Unless(kept.Plain.SequenceEqual(made.Plain, StringComparer.Ordinal), "plain"),
            .. Unless((reader.IsDBNull(6) ? null : reader.GetString(6)) == words, "words"),
        ];
        return differing.Length == 0 ? null : RowFlaw.Differ(differing);

        static string[] Unless(bool equal, string column) => equal ? [] : [column];
    }
}
