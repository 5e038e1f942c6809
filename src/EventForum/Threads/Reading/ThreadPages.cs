using System.Text.Json;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using Marten;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A page that has been read, and how it answers as JSON.</summary>
/// <param name="Json">The page without its viewers, who come and go.</param>
public sealed record ReadPage(ThreadPage Page, byte[] Json, string Tag);

/// <summary>
/// Reads thread pages. A page that was read before is served from memory while the threads that it shows still have
/// the versions that it was read at: one primary-key read says so, on every request and whichever server wrote.
/// </summary>
public sealed class ThreadPages(
    IDocumentStore store,
    NpgsqlDataSource database,
    PostViews views,
    MemberNames names,
    TimeProvider clock
) : IDisposable
{
    /// <summary>Names and titles come from a view that lags a moment anyway; a page may show them this old.</summary>
    private static readonly TimeSpan NamesMayBe = TimeSpan.FromSeconds(2);

    private const string Versions = $"select id, version from {Store.Schema}.mt_streams where id = any($1)";

    private readonly MemoryCache pages = new(new MemoryCacheOptions { SizeLimit = 128 * 1024 * 1024 });

    /// <summary>
    /// The page as it is now, or was at a moment; null when there is no such thread or version. Pages beyond the last
    /// are empty.
    /// </summary>
    /// <param name="past">Without a time it is that at which the version came.</param>
    /// <param name="fresh">Names and titles must be those of now too: a reader has waited for them.</param>
    public async Task<ReadPage?> ReadAsync(
        Guid threadId,
        int page,
        bool seesRemoved,
        CancellationToken cancellation,
        Moment? past = null,
        bool fresh = false
    )
    {
        var key = (threadId, page, seesRemoved, past);
        if (!fresh && pages.TryGetValue<Kept>(key, out var kept) && await IsCurrentAsync(kept!, cancellation))
        {
            return kept!.Page;
        }

        await using var session = store.QuerySession();
        if (
            await session.LoadAsync<ForumThread>(threadId, cancellation) is not { } thread
            || past?.Version < 1
            || past?.Version > thread.Version
        )
        {
            return null;
        }

        var moment = past ?? new Moment(thread.Version, null);
        var header = await ThreadRows.HeaderAsync(
            database,
            threadId,
            moment.Version,
            cancellation,
            thread.LastNumber,
            thread.Version - thread.LastNumber,
            andTime: past is { At: null }
        );
        moment = moment with { At = moment.At ?? header.CameAt };
        var first = (int)Math.Min((page - 1L) * ThreadPage.PostsPerPage + 1, header.LastNumber + 1L);
        var last = Math.Min(first + ThreadPage.PostsPerPage - 1, header.LastNumber);
        var rows = await ThreadRows.PageAsync(database, threadId, first, last, moment.Version, cancellation);
        var posts = await views.ViewAsync(rows, moment, seesRemoved, cancellation);
        var board = await session.LoadAsync<Board>(header.BoardId, cancellation);
        var starter =
            posts.Select(post => post.Author).FirstOrDefault(author => author.Id == thread.StarterId)
            ?? (await names.FindAsync([thread.StarterId], moment.At, cancellation))[thread.StarterId];
        var read = new ThreadPage(
            threadId,
            header.Title,
            new BoardLink(header.BoardId, board!.Name),
            starter,
            thread.StartedAt,
            moment.Version,
            header.LastNumber,
            header.LockReason,
            header.IsPinned,
            page,
            ThreadPage.PageOf(header.LastNumber),
            $"/api/threads/{threadId}?{moment.Query}&page={page}",
            moment.At,
            posts
        );
        var json = JsonSerializer.SerializeToUtf8Bytes(read, Wire.Json);
        var result = new ReadPage(read, json, ETags.Of(json));

        var others = posts.SelectMany(post => post.Quotes).Select(quote => quote.ThreadId).OfType<Guid>();
        var versions = await VersionsAsync([.. others.Append(threadId).Distinct()], cancellation);
        if (versions.TryGetValue(threadId, out var version) && version == thread.Version)
        {
            pages.Set(
                key,
                new Kept(result, versions, clock.GetTimestamp()),
                new MemoryCacheEntryOptions { Size = 500 + 6 * json.Length }
            );
        }

        return result;
    }

    public void Dispose() => pages.Dispose();

    private async Task<bool> IsCurrentAsync(Kept kept, CancellationToken cancellation)
    {
        if (clock.GetElapsedTime(kept.ReadAt) > NamesMayBe)
        {
            return false;
        }

        var now = await VersionsAsync([.. kept.Versions.Keys], cancellation);
        return kept.Versions.All(known => now.TryGetValue(known.Key, out var version) && version == known.Value);
    }

    private async Task<Dictionary<Guid, long>> VersionsAsync(Guid[] threads, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Versions);
        command.Parameters.AddWithValue(threads);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var versions = new Dictionary<Guid, long>(threads.Length);
        while (await reader.ReadAsync(cancellation))
        {
            versions[reader.GetGuid(0)] = reader.GetInt64(1);
        }

        return versions;
    }

    private sealed record Kept(ReadPage Page, Dictionary<Guid, long> Versions, long ReadAt);
}
