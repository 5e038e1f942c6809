using System.Runtime.InteropServices;
using System.Threading.Channels;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Threads.Reading;

/// <summary>A revision's whole text, or the own words in a span of it that somebody quotes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextKey(Guid PostId, int Revision, int Start, int Length)
{
    private const int Whole = -1;

    public static TextKey Of(PostRow row) => new(row.PostId, row.Revision, Whole, Whole);

    public static TextKey Of(Quote quote) => new(quote.PostId, quote.Revision, quote.Start, quote.Length);
}

/// <summary>Words that are quoted, and how they are shown.</summary>
internal sealed record QuotedWords(string Text, RenderedText Rendered);

/// <summary>
/// Texts as HTML and as plain text, kept by revision: in memory what was rendered lately, and in a table, from which a
/// page's texts come with its rows, what a page ever showed. No read writes: what it had to render is stored a moment
/// later. The table is a cache of what the events say. It may be emptied at any time, and no rule decides by it.
/// </summary>
public sealed class RenderedTexts(NpgsqlDataSource database, OutageLog outages, ILogger<RenderedTexts> log)
    : BackgroundService
{
    /// <summary>Raise it when the same Markdown is rendered otherwise, so that old posts are rendered anew, too.</summary>
    public const int Renderer = 1;

    /// <summary>For a query that has the posts' rows as p: gives r, with nulls where nothing is kept.</summary>
    internal const string Join = $"""
        left join lateral (
            select html, plain from {Table}
             where post_id = p.post_id and revision = p.revision and start = -1 and length = -1 and renderer = {Version}
             limit 1) r on true
        """;

    private const string Version = "1";

    private const string Table = Store.Schema + ".rendered_texts";

    // Plans are kept: for a parameter behind a select PostgreSQL does not plan each number of elements anew.
    internal const string Words = $"""
        select k.post_id, k.revision, k.start, k.length, r.words, r.html, r.plain
          from unnest((select $1), (select $2), (select $3), (select $4)) as k(post_id, revision, start, length)
         cross join lateral (
                select words, html, plain from {Table}
                 where post_id = k.post_id and revision = k.revision and start = k.start and length = k.length
                   and renderer = {Version}
                 limit 1) r
        """;

    /// <summary>Only of revisions that are there: what has been erased meanwhile does not come back.</summary>
    private const string Insert = $"""
        insert into {Table} (post_id, revision, start, length, renderer, words, html, plain)
        select $1, $2, $3, $4, {Version}, $5, $6, $7
         where exists (select from {PostTable.Table} where post_id = $1 and revision = $2)
        on conflict do nothing
        """;

    private const string NextOld =
        $"select post_id from {Table} where post_id > $1 order by post_id offset 1000 limit 1";

    private const string DeleteOld =
        $"delete from {Table} where post_id > $1 and post_id <= $2 and renderer < {Version}";

    /// <summary>Longer words that somebody quotes are rendered whenever they are shown: quotes of them are cheap to write.</summary>
    private const int LongestWords = 10_000;

    /// <summary>Characters beyond which what was rendered is not stored, but rendered again when it is read again.</summary>
    private const long MostWaiting = 10_000_000;

    private const int AtOnce = 100;

    private readonly MemoryCache memory = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    private readonly Channel<(TextKey Key, string? Words, RenderedText Text, int Length)> toStore =
        Channel.CreateUnbounded<(TextKey, string?, RenderedText, int)>(new() { SingleReader = true });

    private long waiting;

    internal static Table Schema()
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

    /// <summary>A post's text, which came with its row, or is rendered now.</summary>
    internal RenderedText Of(PostRow row, bool keeps)
    {
        if (row.Rendered is not null)
        {
            return row.Rendered;
        }

        var key = TextKey.Of(row);
        if (memory.TryGetValue<RenderedText>(key, out var known))
        {
            return known!;
        }

        var text = RenderedText.OfPost(row.Body, row.Quotes);
        memory.Set(key, text, new MemoryCacheEntryOptions { Size = 500 + 6L * row.Body.Length });
        if (keeps)
        {
            KeepLater(key, null, text, row.Body.Length);
        }

        return text;
    }

    /// <summary>The quoted words that are kept.</summary>
    internal async Task<Dictionary<TextKey, QuotedWords>> FindAsync(
        IEnumerable<Quote> quotes,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<TextKey, QuotedWords>();
        var unknown = new List<TextKey>();
        foreach (var key in quotes.Where(quote => quote.Start >= 0).Select(TextKey.Of).Distinct())
        {
            if (memory.TryGetValue<QuotedWords>(key, out var known))
            {
                found[key] = known!;
            }
            else
            {
                unknown.Add(key);
            }
        }

        if (unknown.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Words);
        command.Parameters.Add(Array(key => key.PostId));
        command.Parameters.Add(Array(key => key.Revision));
        command.Parameters.Add(Array(key => key.Start));
        command.Parameters.Add(Array(key => key.Length));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[new TextKey(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3))] = new(
                reader.GetString(4),
                Read(reader, 5)
            );
        }

        return found;

        NpgsqlParameter<T[]> Array<T>(Func<TextKey, T> column) => new() { TypedValue = [.. unknown.Select(column)] };
    }

    /// <summary>Quoted words that are kept from now on.</summary>
    internal QuotedWords Keep(Quote quote, string text)
    {
        var key = TextKey.Of(quote);
        var words = new QuotedWords(text, RenderedText.OfWords(text));
        memory.Set(key, words, new MemoryCacheEntryOptions { Size = 500 + 8L * text.Length });
        if (text.Length <= LongestWords && quote.Start >= 0)
        {
            KeepLater(key, text, words.Rendered, text.Length);
        }

        return words;
    }

    /// <summary>The columns html and plain, the first of which is this one; null where nothing is kept.</summary>
    internal static RenderedText? ReadOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Read(reader, column);

    private void KeepLater(TextKey key, string? words, RenderedText text, int length)
    {
        if (Interlocked.Add(ref waiting, length) <= MostWaiting)
        {
            toStore.Writer.TryWrite((key, words, text, length));
        }
        else
        {
            Interlocked.Add(ref waiting, -length);
        }
    }

    private static RenderedText Read(NpgsqlDataReader reader, int column) =>
        new(reader.GetFieldValue<string[]>(column), reader.GetFieldValue<string[]>(column + 1));

    public override void Dispose()
    {
        memory.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(() => DeleteOldAsync(stoppingToken));
        var taken = new List<(TextKey Key, string? Words, RenderedText Text, int Length)>(AtOnce);
        while (await toStore.Reader.WaitToReadAsync(stoppingToken))
        {
            while (taken.Count < AtOnce && toStore.Reader.TryRead(out var text))
            {
                taken.Add(text);
            }

            await TryAsync(() => StoreAsync(taken, stoppingToken));
            Interlocked.Add(ref waiting, -taken.Sum(text => (long)text.Length));
            taken.Clear();
        }
    }

    private async Task StoreAsync(
        List<(TextKey Key, string? Words, RenderedText Text, int Length)> texts,
        CancellationToken cancellation
    )
    {
        await using var batch = database.CreateBatch();
        foreach (var (key, words, text, _) in texts)
        {
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

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What another version rendered, a few posts at a time.</summary>
    private async Task DeleteOldAsync(CancellationToken cancellation)
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

    /// <summary>What cannot be kept is rendered again.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (Outage.Is(e))
        {
            outages.Report(e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Rendered texts could not be stored");
        }
    }
}
