using System.Text.Json.Nodes;
using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.History;

/// <summary>The posts, threads and boards that some events name, and which of them a reader sees.</summary>
internal sealed class NamedPlaces
{
    private const string PostsSql = $"""
        select k.post_id, now.number, now.author_id, now.removed_at is not null, now.thread_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select number, author_id, removed_at, thread_id from {PostTable.Table}
                 where post_id = k.post_id
                 {PostTable.Newest}) now
        """;

    private const string NamesSql = $"""
        select id, data ->> 'title' from {MartenTables.Documents}forumthread where id = any($1)
         union all
        select id, data ->> 'name' from {MartenTables.Documents}board where id = any($1)
        """;

    private readonly Dictionary<Guid, PlacedPost> posts = [];
    private readonly Dictionary<Guid, string> names = [];
    private readonly Reader reader;

    private NamedPlaces(Reader reader) => this.reader = reader;

    public ThreadAccess Access { get; private set; } = null!;

    public IEnumerable<Guid> Authors => posts.Values.Select(post => post.AuthorId);

    /// <param name="postIds">The posts that the events are about, and those that they quote or move.</param>
    /// <param name="threadIds">The threads that the events stand in.</param>
    /// <param name="events">Their data; null where it cannot be read.</param>
    public static async Task<NamedPlaces> ReadAsync(
        NpgsqlDataSource database,
        IEnumerable<Guid> postIds,
        IEnumerable<Guid> threadIds,
        IReadOnlyList<object?> events,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var places = new NamedPlaces(reader);
        await places.ReadPostsAsync(database, [.. postIds.Distinct()], cancellation);
        places.Access = await ThreadAccess.OfAsync(
            reader,
            threadIds
                .Concat(places.posts.Values.Select(post => post.ThreadId))
                .Concat(events.Select(OtherThreadOf).OfType<Guid>()),
            database,
            cancellation
        );
        await places.ReadNamesAsync(database, [.. events.Select(PlaceOf).OfType<Guid>().Distinct()], cancellation);
        return places;
    }

    /// <summary>A post as it stands now; null where it is not in this forum.</summary>
    public PlacedPost? Post(Guid id) => posts.GetValueOrDefault(id);

    /// <summary>The name of the other thread, or of the board, that an event names; null where this reader does not see it.</summary>
    public string? NameIn(object? data) =>
        PlaceOf(data) is { } place && (data is ThreadMoved ? reader.Sees(place) : Access.Sees(place))
            ? names.GetValueOrDefault(place)
            : null;

    /// <summary>Posts may have come from where this reader sees nothing, or gone there, then or since.</summary>
    public void HideMoved(JsonObject? of, object? data)
    {
        if (of is null || reader.SeesAllBoards || OtherThreadOf(data) is not { } other)
        {
            return;
        }

        if (!Access.Sees(other))
        {
            of[data is PostsMovedOut ? "toThreadId" : "fromThreadId"] = null;
        }

        foreach (var moved in (JsonArray[])[.. new[] { of["posts"], of["renumbered"] }.OfType<JsonArray>()])
        {
            moved.RemoveAll(IsHidden);
        }
    }

    /// <summary>A thread may have come from a board that this reader does not see, or been there for a while.</summary>
    /// <returns>Whether there was something to hide.</returns>
    public bool HideBoard(JsonObject? of)
    {
        var isHidden = Guid.TryParse((of?["boardId"] as JsonValue)?.ToString(), out var board) && !reader.Sees(board);
        if (isHidden)
        {
            of!["boardId"] = null;
        }

        return isHidden;
    }

    /// <summary>
    /// What stands in a board that this reader does not see does not exist: of a quote only its place is left, of what a post
    /// answers nothing.
    /// </summary>
    /// <returns>Whether there was something to hide.</returns>
    public bool HideQuotes(JsonObject? of)
    {
        var isHidden = false;
        if (!reader.SeesAllBoards && of?["parentId"] is not null && IsHidden(of["parentId"]))
        {
            of["parentId"] = null;
            isHidden = true;
        }

        if (!reader.SeesAllBoards && of?["quotes"] is JsonArray quotes)
        {
            for (var i = 0; i < quotes.Count; i++)
            {
                if (quotes[i] is JsonObject quote && IsHidden(quote))
                {
                    quotes[i] = new JsonObject { ["at"] = quote["at"]?.DeepClone(), ["state"] = "hidden" };
                    isHidden = true;
                }
            }
        }

        return isHidden;
    }

    /// <summary>Whether it names a post that this reader does not see.</summary>
    private bool IsHidden(JsonNode? one) =>
        Guid.TryParse(((one as JsonObject)?["postId"] ?? one as JsonValue)?.ToString(), out var id)
        && Post(id) is { } post
        && !Access.Sees(post.ThreadId);

    /// <summary>The thread that posts came from, or went to.</summary>
    private static Guid? OtherThreadOf(object? data) =>
        data switch
        {
            PostsMovedOut moved => moved.ToThreadId,
            PostsMovedIn moved => moved.FromThreadId,
            ThreadSplitOff split => split.FromThreadId,
            _ => null,
        };

    /// <summary>The other thread, or the board, that an event names.</summary>
    private static Guid? PlaceOf(object? data) => data is ThreadMoved moved ? moved.BoardId : OtherThreadOf(data);

    private Task ReadPostsAsync(NpgsqlDataSource database, Guid[] wanted, CancellationToken cancellation) =>
        ReadAsync(
            database,
            PostsSql,
            wanted,
            rows =>
                posts[rows.GetGuid(0)] = new PlacedPost(
                    rows.GetInt32(1),
                    rows.GetGuid(2),
                    rows.GetBoolean(3),
                    rows.GetGuid(4)
                ),
            cancellation
        );

    private Task ReadNamesAsync(NpgsqlDataSource database, Guid[] wanted, CancellationToken cancellation) =>
        ReadAsync(database, NamesSql, wanted, rows => names[rows.GetGuid(0)] = rows.GetString(1), cancellation);

    private static async Task ReadAsync(
        NpgsqlDataSource database,
        string sql,
        Guid[] wanted,
        Action<NpgsqlDataReader> take,
        CancellationToken cancellation
    )
    {
        if (wanted.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(wanted);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            take(rows);
        }
    }
}

/// <summary>Where a post is now.</summary>
internal sealed record PlacedPost(int Number, Guid AuthorId, bool IsRemoved, Guid ThreadId);
