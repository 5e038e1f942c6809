using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Marten;
using Npgsql;

namespace EventForum.History;

/// <summary>Makes entries out of events: finds the names and numbers, says it in a sentence, withholds what is not to be seen.</summary>
public sealed class HistoryEntries(
    IDocumentStore store,
    KnownEvents known,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    MemberNames names,
    ILogger<HistoryEntries> log
)
{
    private const int MaxLoggedUnreadable = 1_000;

    private const string Posts = $"""
        select k.post_id, now.number, now.author_id, now.removed_at is not null, now.thread_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select number, author_id, removed_at, thread_id from {PostTable.Table}
                 where post_id = k.post_id
                 {PostTable.Newest}) now
        """;

    private const string Places = $"""
        select id, data ->> 'title' from {MartenTables.Documents}forumthread where id = any($1)
         union all
        select id, data ->> 'name' from {MartenTables.Documents}board where id = any($1)
        """;

    /// <summary>Positions of events whose data cannot be read, each of which is logged once.</summary>
    private readonly ConcurrentDictionary<long, bool> unreadable = new();

    private readonly FrozenDictionary<string, string> streamNames = known.Streams.ToFrozenDictionary(
        kind => ((DocumentStore)store).Events.AggregateAliasFor(kind.Aggregate),
        kind => kind.Name,
        StringComparer.Ordinal
    );

    /// <param name="told">The post whose story is told, which sentences name as such.</param>
    /// <param name="withoutReason">Sentences leave out the reasons, which are shown beside them.</param>
    internal async Task<IReadOnlyList<HistoryEntry>> OfAsync(
        IReadOnlyList<EventRow> rows,
        Reader reader,
        CancellationToken cancellation,
        Guid? told = null,
        bool withoutReason = false
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var events = rows.Select(row => (Row: row, Description: known.Find(row.Type), Data: Read(row))).ToList();
        var posts = await PostsAsync(
            events
                .Where(e => e.Data is not null)
                .SelectMany(e =>
                    e.Description!.QuotedPostsOf(e.Data!)
                        .Append(e.Description.PostOf(e.Data!) ?? default)
                        .Concat(reader.SeesAllBoards ? [] : PostEvents.PostsOf(e.Data!))
                ),
            cancellation
        );
        var access = await ThreadAccess.OfAsync(
            reader,
            rows.Where(row => StreamOf(row) == "thread")
                .Select(row => row.StreamId)
                .Concat(posts.Values.Select(post => post.ThreadId))
                .Concat(events.Select(e => OtherThreadOf(e.Data)).OfType<Guid>()),
            database,
            cancellation
        );
        var cards = await names.FindAsync(
            rows.Select(row => ActorOf(row) ?? Guid.Empty)
                .Concat(rows.Where(row => StreamOf(row) == "member").Select(row => row.StreamId))
                .Concat(posts.Values.Select(post => post.AuthorId)),
            reader,
            cancellation
        );
        var places = await PlacesAsync(events.Select(e => PlaceOf(e.Data)), cancellation);
        return
        [
            .. events.Select(e =>
                Entry(e.Row, e.Description, e.Data, posts, cards, reader, access, places, told, withoutReason)
            ),
        ];
    }

    private HistoryEntry Entry(
        EventRow row,
        EventDescription? description,
        object? data,
        Dictionary<Guid, PostState> posts,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        Reader reader,
        ThreadAccess access,
        Dictionary<Guid, string> places,
        Guid? told,
        bool withoutReason
    )
    {
        var isConfidential = description?.IsConfidential == true;
        var about = data is null ? null : description?.PostOf(data);
        var post = about is { } postId ? Find(postId) : null;
        var stream = StreamOf(row);
        var isModerated = stream switch
        {
            "thread" => access.Moderates(row.StreamId),
            "board" => reader.Moderates(row.StreamId),
            "batch" or "case" => reader.ModeratesAllBoards,
            _ => reader.IsAdmin,
        };
        var state = about is { } known ? posts.GetValueOrDefault(known) : null;
        // The post has moved to where this reader sees nothing: what it is and whose is gone with it.
        var isAway = state is not null && !access.Sees(state.ThreadId);
        isModerated &= !isAway;
        var isRemoved = isAway || state?.IsRemoved == true;
        var actor = !isAway && !isConfidential && ActorOf(row) is { } id ? Who(id) : null;
        var hidden = isConfidential ? null : Hidden(data is null ? null : description, isRemoved, isModerated);
        var json = hidden is null ? null : JsonNode.Parse(row.Json) as JsonObject;
        var isWithheld = hidden is not { Count: 0 } || HideQuotes(json);
        isWithheld |= HideBoard(json);
        HideMoved(json);
        foreach (var member in hidden ?? [])
        {
            if (json is not null)
            {
                json[member] = null;
            }
        }

        return new HistoryEntry(
            row.Position,
            row.StreamId,
            stream,
            row.Version,
            row.At,
            actor,
            row.Type,
            Sentences.Of(
                row.Type,
                description,
                data,
                actor,
                post,
                cards.GetValueOrDefault(row.StreamId)?.Name,
                Find,
                isWithheld,
                PlaceOf(data) is { } place && (data is ThreadMoved ? reader.Sees(place) : access.Sees(place))
                    ? places.GetValueOrDefault(place)
                    : null,
                told,
                withoutReason
            ) + (data is null && description is not null ? " (its data cannot be read)" : ""),
            post,
            row.CorrelationId,
            row.CausationId,
            json,
            isWithheld
        );

        EventActor Who(Guid member) => EventActor.Of(member, cards);

        EventPost? Find(Guid known) =>
            posts.TryGetValue(known, out var found) && access.Sees(found.ThreadId)
                ? new EventPost(known, found.Number, Who(found.AuthorId))
                : null;

        // Posts may have come from where this reader sees nothing, or gone there, then or since.
        void HideMoved(JsonObject? of)
        {
            if (of is null || reader.SeesAllBoards || OtherThreadOf(data) is not { } other)
            {
                return;
            }

            if (!access.Sees(other))
            {
                of[data is PostsMovedOut ? "toThreadId" : "fromThreadId"] = null;
            }

            foreach (var moved in (JsonArray[])[.. new[] { of["posts"], of["renumbered"] }.OfType<JsonArray>()])
            {
                moved.RemoveAll(one =>
                    Guid.TryParse(one?["postId"]?.ToString(), out var gone)
                    && posts.TryGetValue(gone, out var there)
                    && !access.Sees(there.ThreadId)
                );
            }
        }

        // A thread may have come from a board that this reader does not see, or been there for a while.
        bool HideBoard(JsonObject? of)
        {
            var isHidden =
                Guid.TryParse((of?["boardId"] as JsonValue)?.ToString(), out var board) && !reader.Sees(board);
            if (isHidden)
            {
                of!["boardId"] = null;
            }

            return isHidden;
        }

        // What stands in a board that this reader does not see does not exist: of a quote only its place is left.
        bool HideQuotes(JsonObject? of)
        {
            var isHidden = false;
            if (!reader.SeesAllBoards && of?["quotes"] is JsonArray quotes)
            {
                for (var i = 0; i < quotes.Count; i++)
                {
                    if (
                        quotes[i] is JsonObject quote
                        && Guid.TryParse(quote["postId"]?.ToString(), out var quoted)
                        && posts.TryGetValue(quoted, out var source)
                        && !access.Sees(source.ThreadId)
                    )
                    {
                        quotes[i] = new JsonObject { ["at"] = quote["at"]?.DeepClone(), ["state"] = "hidden" };
                        isHidden = true;
                    }
                }
            }

            return isHidden;
        }
    }

    /// <summary>
    /// The members of the event's data that this reader may not see; null for all of it. What an event of an unknown
    /// type holds is for moderators only.
    /// </summary>
    private static IReadOnlyList<string>? Hidden(EventDescription? description, bool isRemoved, bool isModerated) =>
        isModerated ? []
        : description is null ? null
        : isRemoved ? [.. description.ForModerators, .. description.ForModeratorsWhenRemoved]
        : description.ForModerators;

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

    /// <summary>What readers are told that the event's stream is: thread, board, member.</summary>
    private string StreamOf(EventRow row) =>
        row.StreamType is { } type ? streamNames.GetValueOrDefault(type, type) : "";

    private static Guid? ActorOf(EventRow row) => Guid.TryParse(row.UserName, out var id) ? id : null;

    private object? Read(EventRow row)
    {
        if (known.Find(row.Type)?.EventType is not { } type)
        {
            return null;
        }

        using var json = new MemoryStream(Encoding.UTF8.GetBytes(row.Json));
        try
        {
            return store.Options.Serializer().FromJson(type, json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Shown like an event of an unknown type: one of them must not hide all others.
            if (unreadable.Count < MaxLoggedUnreadable && unreadable.TryAdd(row.Position, true))
            {
                log.LogError(e, "The data of event {Position}, a {Type}, cannot be read", row.Position, row.Type);
            }

            return null;
        }
    }

    /// <summary>The names of threads and boards.</summary>
    private async Task<Dictionary<Guid, string>> PlacesAsync(IEnumerable<Guid?> ids, CancellationToken cancellation)
    {
        var wanted = ids.OfType<Guid>().Distinct().ToArray();
        var found = new Dictionary<Guid, string>(wanted.Length);
        if (wanted.Length == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Places);
        command.Parameters.AddWithValue(wanted);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[reader.GetGuid(0)] = reader.GetString(1);
        }

        return found;
    }

    private async Task<Dictionary<Guid, PostState>> PostsAsync(IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        var wanted = ids.Distinct().ToArray();
        var found = new Dictionary<Guid, PostState>(wanted.Length);
        if (wanted.Length == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Posts);
        command.Parameters.AddWithValue(wanted);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[reader.GetGuid(0)] = new PostState(
                reader.GetInt32(1),
                reader.GetGuid(2),
                reader.GetBoolean(3),
                reader.GetGuid(4)
            );
        }

        return found;
    }

    private sealed record PostState(int Number, Guid AuthorId, bool IsRemoved, Guid ThreadId);
}
