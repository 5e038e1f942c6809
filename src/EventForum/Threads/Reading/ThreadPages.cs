using System.Diagnostics.Metrics;
using System.Text.Json;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A page that has been read, and how it answers as JSON.</summary>
/// <param name="Json">The page without its viewers, who come and go.</param>
public sealed record ReadPage(ThreadPage Page, byte[] Json, string Tag);

/// <summary>
/// Reads thread pages. A page that was read before is served from memory while the threads that it shows still have
/// the versions that it was read at: one primary-key read says so, on every request and whichever server wrote. Names
/// and titles, which change without a thread, are looked up again every two seconds.
/// </summary>
public sealed class ThreadPages(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    MemberCards members,
    MovedRuns runs,
    ThreadTrees trees,
    TimeProvider clock,
    IMeterFactory meters
) : IDisposable
{
    /// <summary>A page that nobody has asked for so long leaves memory.</summary>
    public static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(10);

    private const string Versions = $"select id, version from {MartenTables.Streams} where id = any($1)";

    private readonly Counter<long> reads = meters
        .Create(Telemetry.Name)
        .CreateCounter<long>("eventforum.page_cache.reads", "{page}", "How many pages came from memory, or did not.");

    private readonly MemoryCache pages = new(
        new MemoryCacheOptions { SizeLimit = 128 * 1024 * 1024, Clock = new CacheClock(clock) }
    );

    /// <summary>
    /// The page as it is now, or was at a moment; null when there is no such thread or version. Pages beyond the last
    /// are empty.
    /// </summary>
    /// <param name="past">Without a time it is that at which the version came.</param>
    /// <param name="fresh">Names and titles must be those of now too: a reader has waited for them.</param>
    public async Task<ReadPage?> ReadAsync(
        Guid threadId,
        int page,
        Reader reader,
        CancellationToken cancellation,
        Moment? past = null,
        bool fresh = false,
        PostOrder order = PostOrder.Number
    )
    {
        var key = (threadId, page, reader.Scope, past, order);
        if (!fresh && pages.TryGetValue<Kept>(key, out var kept) && await IsCurrentAsync(kept!, reader, cancellation))
        {
            reads.Add(1, new KeyValuePair<string, object?>("result", "hit"));
            return kept!.Page;
        }

        reads.Add(1, new KeyValuePair<string, object?>("result", "miss"));
        var readAt = clock.GetTimestamp();
        var rows = await PageRows.ReadAsync(
            database,
            threadId,
            order is PostOrder.Tree ? PageRows.NoPage : page,
            (past ?? Moment.Now).Version,
            andTime: past is { At: null },
            cancellation
        );
        if (rows is null)
        {
            return null;
        }

        var header = rows.Header;
        var places = order is PostOrder.Tree ? await trees.OfAsync(threadId, rows.Version, header, cancellation) : null;
        var depths = places
            ?.Skip((page - 1) * ThreadPage.PostsPerPage)
            .Take(ThreadPage.PostsPerPage)
            .ToDictionary(place => place.PostId, place => place.Depth);
        var shown = depths is null
            ? rows.Posts
            : await ThreadRows.NamedAsync(database, threadId, [.. depths.Keys], rows.Version, cancellation);
        var moment = (past ?? Moment.Now) with { Version = rows.Version, At = past?.At ?? header.CameAt };
        var basis = new PageBasis(threadId, rows.Newest, fresh);
        var posts = await views.ViewAsync(shown, moment, reader, cancellation, basis: basis);
        if (depths is not null)
        {
            posts = [.. posts.Select(post => post with { Depth = depths[post.Id] })];
        }

        if (!basis.Cards.TryGetValue(rows.StarterId, out var starter))
        {
            var cards = await members.FindAsync([rows.StarterId], reader, moment.At, fresh, cancellation);
            basis.Add([], cards);
            starter = cards[rows.StarterId];
        }

        var first = (page - 1) * ThreadPage.PostsPerPage + 1;
        int[] unused =
            header.Unused == 0 || places is not null
                ? []
                :
                [
                    .. Enumerable
                        .Range(first, Math.Max(0, Math.Min(ThreadPage.PostsPerPage, header.LastNumber - first + 1)))
                        .Except(rows.Posts.Select(post => post.Number)),
                ];
        var moved =
            unused.Length == 0 ? [] : await runs.FindAsync(threadId, rows.Version, unused, reader, cancellation);
        await basis.AddAsync(
            shown.Select(post => post.MovedTo).Concat(moved.Select(run => run.ThreadId)).OfType<Guid>(),
            database,
            cancellation
        );
        var read = new ThreadPage(
            threadId,
            header.Title,
            // A board that the reader does not see did not hold it either.
            reader.Sees(header.BoardId)
                ? new BoardLink(header.BoardId, rows.BoardName)
                : rows.BoardNow,
            starter,
            rows.StartedAt,
            rows.Version,
            header.LastNumber - header.Unused,
            header.LockReason,
            header.IsPinned,
            page,
            Math.Max(1, ThreadPage.PageOf(places?.Count ?? header.LastNumber)),
            $"/api/threads/{threadId}?{moment.Query}&page={page}{(order is PostOrder.Tree ? "&order=tree" : "")}",
            moment.At,
            posts,
            null,
            header.LastNumber,
            moved.Count == 0 ? null : moved
        )
        {
            Order = order,
            MovedTo = header.LastNumber == header.Unused ? header.MovedTo : null,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(read, Wire.Json);
        var result = new ReadPage(read, json, ETags.Of(json));
        var entry = new MemoryCacheEntryOptions { Size = 500 + 6L * json.Length, SlidingExpiration = KeptUnused };
        if (posts.Any(post => post.Quotes.Any(quote => quote.ThreadId is null)))
        {
            // What is missing may be imported: no version that is known here shows it.
            entry.AbsoluteExpirationRelativeToNow = MemberCards.MayBe;
        }

        pages.Set(key, new Kept(result, basis, moment.At, readAt), entry);
        return result;
    }

    public void Dispose() => pages.Dispose();

    private async Task<bool> IsCurrentAsync(Kept kept, Reader reader, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Versions);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. kept.Basis.Versions.Keys] });
        await using (var found = await command.ExecuteReaderAsync(cancellation))
        {
            var current = 0;
            while (await found.ReadAsync(cancellation))
            {
                current += kept.Basis.Versions[found.GetGuid(0)] == found.GetInt64(1) ? 1 : 0;
            }

            if (current < kept.Basis.Versions.Count)
            {
                return false;
            }
        }

        if (clock.GetElapsedTime(kept.NamesReadAt) < MemberCards.MayBe)
        {
            return true;
        }

        var now = clock.GetTimestamp();
        var cards = await members.FindAsync(kept.Basis.Cards.Keys, reader, kept.At, fresh: false, cancellation);
        if (!kept.Basis.Cards.All(card => cards.TryGetValue(card.Key, out var known) && known == card.Value))
        {
            return false;
        }

        kept.NamesReadAt = now;
        return true;
    }

    /// <param name="At">The moment of titles; null for now.</param>
    private sealed record Kept(ReadPage Page, PageBasis Basis, DateTimeOffset? At, long ReadAt)
    {
        /// <summary>When its names and titles were last found to be as they are here.</summary>
        public long NamesReadAt { get; set; } = ReadAt;
    }

    private sealed class CacheClock(TimeProvider clock) : ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}
