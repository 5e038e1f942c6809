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
        var places = await NamedPlaces.ReadAsync(
            database,
            events
                .Where(e => e.Data is not null)
                .SelectMany(e =>
                    e.Description!.QuotedPostsOf(e.Data!)
                        .Append(e.Description.PostOf(e.Data!) ?? default)
                        .Append(PostEvents.ParentOf(e.Data!) ?? default)
                        .Concat(reader.SeesAllBoards ? [] : PostEvents.PostsOf(e.Data!))
                ),
            rows.Where(row => StreamOf(row) == "thread").Select(row => row.StreamId),
            events.ConvertAll(e => e.Data),
            reader,
            cancellation
        );
        var cards = await names.FindAsync(
            rows.Select(row => ActorOf(row) ?? Guid.Empty)
                .Concat(rows.Where(row => StreamOf(row) == "member").Select(row => row.StreamId))
                .Concat(places.Authors),
            reader,
            cancellation
        );
        return [.. events.Select(e => Entry(e.Row, e.Description, e.Data, places, cards, reader, told, withoutReason))];
    }

    private HistoryEntry Entry(
        EventRow row,
        EventDescription? description,
        object? data,
        NamedPlaces places,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        Reader reader,
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
            "thread" => places.Access.Moderates(row.StreamId),
            "board" => reader.Moderates(row.StreamId),
            "batch" or "case" => reader.ModeratesAllBoards,
            _ => reader.IsAdmin,
        };
        var state = about is { } known ? places.Post(known) : null;
        // The post has moved to where this reader sees nothing: what it is and whose is gone with it.
        var isAway = state is not null && !places.Access.Sees(state.ThreadId);
        isModerated &= !isAway;
        var actor = !isAway && !isConfidential && ActorOf(row) is { } id ? Who(id) : null;
        var hidden = isConfidential
            ? null
            : Hidden(data is null ? null : description, isAway, state?.IsRemoved == true, isModerated);
        var json = hidden is null ? null : JsonNode.Parse(row.Json) as JsonObject;
        var isWithheld = hidden is not { Count: 0 } || places.HideQuotes(json);
        isWithheld |= places.HideBoard(json);
        places.HideMoved(json, data);
        foreach (var member in hidden ?? [])
        {
            if (json?.ContainsKey(member) == true)
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
                places.NameIn(data),
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
            places.Post(known) is { } found && places.Access.Sees(found.ThreadId)
                ? new EventPost(known, found.Number, Who(found.AuthorId))
                : null;
    }

    /// <summary>
    /// The members of the event's data that this reader may not see; null for all of it. What an event of an unknown
    /// type holds is for moderators only.
    /// </summary>
    private IReadOnlyList<string>? Hidden(
        EventDescription? description,
        bool isAway,
        bool isRemoved,
        bool isModerated
    ) =>
        isModerated ? []
        : description is null ? null
        : isAway ? [.. description.ForModerators, .. known.WithheldOfPosts]
        : isRemoved ? [.. description.ForModerators, .. description.ForModeratorsWhenRemoved]
        : description.ForModerators;

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
}
