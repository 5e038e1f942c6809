using System.Threading.Channels;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>
/// Texts as HTML and as plain text, kept by revision: in memory what was rendered lately, and in a table, from which a
/// page's texts come with its rows, what a page ever showed. No read writes: what it had to render is stored a moment
/// later. The table is a cache of what the events say. It may be emptied at any time, and no rule decides by it.
/// </summary>
public sealed class RenderedTexts(
    NpgsqlDataSource database,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource reads,
    OutageLog outages,
    ILogger<RenderedTexts> log
) : BackgroundService
{
    /// <summary>Longer words that somebody quotes are rendered whenever they are shown: quotes of them are cheap to write.</summary>
    private const int LongestWords = 10_000;

    /// <summary>Characters beyond which what was rendered is not stored, but rendered again when it is read again.</summary>
    private const long MostWaiting = 10_000_000;

    private const int AtOnce = 100;

    private readonly MemoryCache memory = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    private readonly Channel<WaitingText> toStore = Channel.CreateUnbounded<WaitingText>(new() { SingleReader = true });

    private long waiting;

    /// <summary>A post's text, which came with its row, or is rendered now.</summary>
    internal RenderedText Of(PostRow row, bool keeps)
    {
        if (row.Rendered is not null)
        {
            return row.Rendered;
        }

        if (row.Mask is not null)
        {
            return RenderedText.OfPost("", row.Format, []);
        }

        var key = TextKey.Of(row);
        if (memory.TryGetValue<RenderedText>(key, out var known))
        {
            return known!;
        }

        var text = RenderedText.OfPost(row.Body, row.Format, row.Quotes);
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

        await using var command = reads.CreateCommand(RenderedTextTable.Words);
        command.Parameters.Add(Array(key => key.PostId));
        command.Parameters.Add(Array(key => key.Revision));
        command.Parameters.Add(Array(key => key.Start));
        command.Parameters.Add(Array(key => key.Length));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[new TextKey(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3))] = new(
                reader.GetString(4),
                RenderedTextTable.Read(reader, 5)
            );
        }

        return found;

        NpgsqlParameter<T[]> Array<T>(Func<TextKey, T> column) => new() { TypedValue = [.. unknown.Select(column)] };
    }

    /// <summary>Quoted words that are kept from now on.</summary>
    internal QuotedWords Keep(Quote quote, string text, PostFormat format)
    {
        var key = TextKey.Of(quote);
        var words = new QuotedWords(text, RenderedText.OfWords(text, format));
        memory.Set(key, words, new MemoryCacheEntryOptions { Size = 500 + 8L * text.Length });
        if (text.Length <= LongestWords && quote.Start >= 0)
        {
            KeepLater(key, text, words.Rendered, text.Length);
        }

        return words;
    }

    private void KeepLater(TextKey key, string? words, RenderedText text, int length)
    {
        if (Interlocked.Add(ref waiting, length) <= MostWaiting)
        {
            toStore.Writer.TryWrite(new(key, words, text, length));
        }
        else
        {
            Interlocked.Add(ref waiting, -length);
        }
    }

    /// <summary>Stores what waits.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        toStore.Writer.TryComplete();
        if (ExecuteTask is { } storing)
        {
            await storing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        memory.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(() => RenderedTextTable.DeleteOldAsync(database, stoppingToken));
        var taken = new List<WaitingText>(AtOnce);
        while (await toStore.Reader.WaitToReadAsync(stoppingToken))
        {
            while (taken.Count < AtOnce && toStore.Reader.TryRead(out var text))
            {
                taken.Add(text);
            }

            await TryAsync(() => RenderedTextTable.InsertAsync(database, taken, stoppingToken));
            Interlocked.Add(ref waiting, -taken.Sum(text => (long)text.Length));
            taken.Clear();
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
