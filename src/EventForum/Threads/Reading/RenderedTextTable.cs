using System.Runtime.InteropServices;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Marten;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Threads.Reading;

/// <summary>A revision's whole text, or the own words in a span of it that somebody quotes. A revision has one format for good.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextKey(Guid PostId, int Revision, int Start, int Length)
{
    private const int Whole = -1;

    public static TextKey Of(PostRow row) => new(row.PostId, row.Revision, Whole, Whole);

    public static TextKey Of(Quote quote) => new(quote.PostId, quote.Revision, quote.Start, quote.Length);
}

/// <summary>Words that are quoted, and how they are shown.</summary>
internal sealed record QuotedWords(string Text, RenderedText Rendered);

/// <summary>A text that waits to be stored.</summary>
/// <param name="Words">The text, where it is quoted words.</param>
/// <param name="Length">In characters, before it was rendered.</param>
internal sealed record WaitingText(TextKey Key, string? Words, RenderedText Text, int Length);

/// <summary>The table of <see cref="RenderedTexts"/>.</summary>
internal static class RenderedTextTable
{
    /// <summary>For a query that has the posts' rows as p: gives r, with nulls where nothing is kept.</summary>
    internal const string Join = $"""
        left join lateral (
            select html, plain from {Table}
             where post_id = p.post_id and revision = p.revision and start = -1 and length = -1 and renderer = {Renderer}
             limit 1) r on true
        """;

    /// <summary>Raise it when the same text is rendered otherwise, so that old posts are rendered anew, too.</summary>
    internal const string Renderer = "3";

    internal const string Table = Store.Schema + ".rendered_texts";

    // Plans are kept: for a parameter behind a select PostgreSQL does not plan each number of elements anew.
    internal const string Words = $"""
        select k.post_id, k.revision, k.start, k.length, r.words, r.html, r.plain
          from unnest((select $1), (select $2), (select $3), (select $4)) as k(post_id, revision, start, length)
         cross join lateral (
                select words, html, plain from {Table}
                 where post_id = k.post_id and revision = k.revision and start = k.start and length = k.length
                   and renderer = {Renderer}
                 limit 1) r
        """;

    /// <summary>Only of revisions that are there: what has been erased meanwhile does not come back.</summary>
    private const string Insert = $"""
        insert into {Table} (post_id, revision, start, length, renderer, words, html, plain)
        select $1, $2, $3, $4, {Renderer}, $5, $6, $7
         where exists (select from {PostTable.Table} where post_id = $1 and revision = $2 and masked is null)
        on conflict do nothing
        """;

    private const string Delete = $"delete from {Table} where post_id = ? and revision = any(?)";

    private const string NextOld =
        $"select post_id from {Table} where post_id > $1 order by post_id offset 1000 limit 1";

    private const string DeleteOld =
        $"delete from {Table} where post_id > $1 and post_id <= $2 and renderer < {Renderer}";

    public static Table Schema()
    {
        var table = new Table(Table);
        table.AddColumn<Guid>("post_id").AsPrimaryKey();
        table.AddColumn<int>("revision").AsPrimaryKey();
        table.AddColumn<int>("start").AsPrimaryKey();
        table.AddColumn<int>("length").AsPrimaryKey();
        table.AddColumn<int>("renderer").AsPrimaryKey();
        table.AddColumn("words", "text");
        table.AddColumn("html", "text[]").NotNull();
        table.AddColumn("plain", "text[]").NotNull();
        return table;
    }

    /// <summary>The columns html and plain, the first of which is this one; null where nothing is kept.</summary>
    public static RenderedText? ReadOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Read(reader, column);

    public static RenderedText Read(NpgsqlDataReader reader, int column) =>
        new(reader.GetFieldValue<string[]>(column), reader.GetFieldValue<string[]>(column + 1));

    public static async Task InsertAsync(
        NpgsqlDataSource database,
        IReadOnlyList<WaitingText> texts,
        CancellationToken cancellation
    )
    {
        await using var batch = database.CreateBatch();
        foreach (var (key, words, text, _) in texts)
        {
            if (text.Html.Concat(text.Plain).Append(words ?? "").Any(IsIllFormed))
            {
                continue;
            }

            var command = new NpgsqlBatchCommand(Insert);
            command.Parameters.AddWithValue(key.PostId);
            command.Parameters.AddWithValue(key.Revision);
            command.Parameters.AddWithValue(key.Start);
            command.Parameters.AddWithValue(key.Length);
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = words });
            command.Parameters.AddWithValue(text.Html.ToArray());
            command.Parameters.AddWithValue(text.Plain.ToArray());
            batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Deletes what is kept of revisions, and of words of theirs that somebody quotes, with the session's changes.</summary>
    public static void QueueDelete(IDocumentOperations operations, Guid postId, int[] revisions)
    {
        // What is being stored is waited for; what is stored afterwards finds the revisions without words.
        operations.QueueSqlCommand($"lock table {Table} in exclusive mode");
        operations.QueueSqlCommand(Delete, postId, revisions);
    }

    /// <summary>A quote may begin or end inside a character: PostgreSQL takes no half of one.</summary>
    private static bool IsIllFormed(string text) => text.FlawOfLength(0, int.MaxValue) is not null;

    /// <summary>What another version rendered, a few posts at a time.</summary>
    public static async Task DeleteOldAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var after = Guid.Empty;
        while (true)
        {
            await using var find = database.CreateCommand(NextOld);
            find.Parameters.AddWithValue(after);
            var next = await find.ExecuteScalarAsync(cancellation) as Guid?;
            await using var delete = database.CreateCommand(DeleteOld);
            delete.Parameters.AddWithValue(after);
            delete.Parameters.AddWithValue(next ?? Guid.AllBitsSet);
            await delete.ExecuteNonQueryAsync(cancellation);
            if (next is not { } reached)
            {
                return;
            }

            after = reached;
        }
    }
}
