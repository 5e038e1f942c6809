using EventForum.Platform;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>
/// The order of answers of threads, kept in memory. Between two moves of posts a thread only grows, and which posts it has at
/// a version is said by its last number: of a thread that was read before, only the posts that are new are read.
/// </summary>
public sealed class ThreadTrees([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database) : IDisposable
{
    private const string Posts = $"""
        select post_id, number, parent_id from {PostTable.Table}
         where thread_id = $1 and number > $2 and number <= $3
           and from_version <= $4 and (to_version is null or to_version > $4)
         order by number
        """;

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    /// <summary>All posts of a thread at a version, in the order of answers.</summary>
    internal async Task<IReadOnlyList<TreePlace>> OfAsync(
        Guid threadId,
        long version,
        HeaderRow header,
        CancellationToken cancellation
    )
    {
        var (since, last) = (header.NumbersVersion ?? 0, header.LastNumber);
        if (kept.TryGetValue<TreePlace[]>((threadId, since, last), out var known))
        {
            return known!;
        }

        var posts = kept.TryGetValue<TreePost[]>((threadId, since), out var before) ? before! : [];
        var read = posts.Length == 0 ? 0 : posts[^1].Number;
        if (read < last)
        {
            posts = [.. posts, .. await ReadAsync(threadId, read, last, version, cancellation)];
            Keep((threadId, since), posts, posts.Length);
        }

        var places = ThreadTree.Of([.. posts.TakeWhile(post => post.Number <= last)]);
        Keep((threadId, since, last), places, places.Length);
        return places;
    }

    public void Dispose() => kept.Dispose();

    private void Keep(object key, object value, int posts) =>
        kept.Set(
            key,
            value,
            new MemoryCacheEntryOptions { Size = 500 + 48L * posts, SlidingExpiration = ThreadPages.KeptUnused }
        );

    private async Task<List<TreePost>> ReadAsync(
        Guid threadId,
        int after,
        int last,
        long version,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Posts);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = threadId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = last });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var posts = new List<TreePost>();
        while (await reader.ReadAsync(cancellation))
        {
            posts.Add(
                new TreePost(
                    reader.GetGuid(0),
                    reader.GetInt32(1),
                    await reader.IsDBNullAsync(2, cancellation) ? null : reader.GetGuid(2)
                )
            );
        }

        return posts;
    }
}
