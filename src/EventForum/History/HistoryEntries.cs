using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using Marten;
using Npgsql;

namespace EventForum.History;

/// <summary>Makes entries out of events: finds the names and numbers, says it in a sentence, withholds what is not to be seen.</summary>
public sealed class HistoryEntries(
    IDocumentStore store,
    NpgsqlDataSource database,
    MemberNames names,
    ILogger<HistoryEntries> log
)
{
    private const int MaxToldUnreadable = 1_000;

    private const string Posts = $"""
        select k.post_id, now.number, now.author_id, now.removed_at is not null, now.thread_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select number, author_id, removed_at, thread_id from {PostTable.Table}
                 where post_id = k.post_id
                 {PostTable.Newest}) now
        """;

    /// <summary>Positions of events whose data cannot be read, each of which is logged once.</summary>
    private readonly ConcurrentDictionary<long, bool> unreadable = new();

    private readonly Lazy<Dictionary<string, Type>> types = new(() =>
        store
            .Options.Events.AllKnownEventTypes()
            .Where(known => known.EventType.Assembly == typeof(HistoryEntries).Assembly)
            .ToDictionary(known => known.EventTypeName, known => known.EventType, StringComparer.Ordinal)
    );

    /// <summary>The types of events that the forum knows, in order.</summary>
    public IEnumerable<string> KnownTypes => types.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>The types of a list such as post_removed,post_restored; null when all are wanted.</summary>
    public (Refusal? Refusal, string[]? Types) TypesIn(string? list)
    {
        if (string.IsNullOrWhiteSpace(list))
        {
            return (null, null);
        }

        var wanted = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(type => !types.Value.ContainsKey(type)) is { } unknown
            ? (
                new Refusal(
                    422,
                    "event-type-unknown",
                    "There is no such type of event.",
                    $"“{unknown}” is none of {string.Join(", ", KnownTypes)}."
                ),
                null
            )
            : (null, wanted);
    }

    internal async Task<IReadOnlyList<HistoryEntry>> OfAsync(
        IReadOnlyList<EventRow> rows,
        Reader reader,
        CancellationToken cancellation
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var events = rows.Select(row => (Row: row, Data: Read(row))).ToList();
        var posts = await PostsAsync(
            events
                .SelectMany(e =>
                    QuotesOf(e.Data).Select(quote => (Guid?)quote.PostId).Append(PostEvents.PostOf(e.Data))
                )
                .OfType<Guid>(),
            cancellation
        );
        var access = await ThreadAccess.OfAsync(
            reader,
            rows.Where(row => row.StreamType == "forum_thread")
                .Select(row => row.StreamId)
                .Concat(posts.Values.Select(post => post.ThreadId)),
            database,
            cancellation
        );
        var cards = await names.FindAsync(
            rows.Select(row => ActorOf(row) ?? Guid.Empty)
                .Concat(rows.Where(row => row.StreamType == "member").Select(row => row.StreamId))
                .Concat(posts.Values.Select(post => post.AuthorId)),
            reader,
            cancellation
        );
        return [.. events.Select(e => Entry(e.Row, e.Data, posts, cards, reader, access))];
    }

    private HistoryEntry Entry(
        EventRow row,
        object? data,
        Dictionary<Guid, PostState> posts,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        Reader reader,
        ThreadAccess access
    )
    {
        var actor = ActorOf(row) is { } id ? Who(id) : null;
        var about = PostEvents.PostOf(data);
        var post = about is { } postId ? Find(postId) : null;
        var isModerated = row.StreamType switch
        {
            "forum_thread" => access.Moderates(row.StreamId),
            "board" => reader.Moderates(row.StreamId),
            _ => reader.IsAdmin,
        };
        var isRemoved = about is { } p && posts.TryGetValue(p, out var state) && state.IsRemoved;
        var hidden = Hidden(data, isRemoved, isModerated, reader);
        var json = hidden is null ? null : JsonNode.Parse(row.Json) as JsonObject;
        var isWithheld = hidden is not { Length: 0 } || HideQuotes(json);
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
            KindOf(row.StreamType),
            row.Version,
            row.At,
            actor,
            row.Type,
            Sentences.Of(
                row.Type,
                isWithheld && data is PostEdited edit ? edit with { Reason = null } : data,
                actor,
                post,
                cards.GetValueOrDefault(row.StreamId)?.Name,
                Find
            ) + (data is null && types.Value.ContainsKey(row.Type) ? " (its data cannot be read)" : ""),
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
    private static string[]? Hidden(object? data, bool isRemoved, bool isModerated, Reader reader) =>
        data switch
        {
            null => isModerated ? [] : null,
            PostEdited when isRemoved && !isModerated => ["body", "quotes", "reason"],
            ThreadStarted or ReplyPosted when isRemoved && !isModerated => ["body", "quotes"],
            BoardPermissionsChanged when !isModerated => ["see", "start", "reply", "moderate"],
            MemberRegistered when !reader.IsAdmin => ["subject"],
            TokenRolesChanged or RolesGranted when !reader.IsAdmin => ["roles"],
            _ => [],
        };

    private static IReadOnlyList<Quote> QuotesOf(object? data) =>
        data switch
        {
            ThreadStarted started => Quote.AsTold(started.Quotes),
            ReplyPosted posted => Quote.AsTold(posted.Quotes),
            PostEdited edited => Quote.AsTold(edited.Quotes),
            _ => [],
        };

    private static Guid? ActorOf(EventRow row) => Guid.TryParse(row.UserName, out var id) ? id : null;

    private static string KindOf(string? streamType) => streamType == "forum_thread" ? "thread" : streamType ?? "";

    private object? Read(EventRow row)
    {
        if (!types.Value.TryGetValue(row.Type, out var type))
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
            // Told like an event of an unknown type: one of them must not hide all others.
            if (unreadable.Count < MaxToldUnreadable && unreadable.TryAdd(row.Position, true))
            {
                log.LogError(e, "The data of event {Position}, a {Type}, cannot be read", row.Position, row.Type);
            }

            return null;
        }
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
