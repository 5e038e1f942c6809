using EventForum.Commands;
using EventForum.Threads;
using JasperFx.Events;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>
/// Takes the words of a revision out of the forum, for everyone and for good: out of the event that brought it, and out of
/// those of the post's other revisions that have the same words.
/// </summary>
internal sealed record RedactRevision(Guid PostId, int Revision) : IModerationAct
{
    public IReadOnlyList<Guid> Posts => [PostId];

    RedactRevision? IModerationAct.Redaction => this;

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { PostId: { } post, Revision: { } revision } ? new RedactRevision(post, revision) : null;

    public static WeighedBatch Weigh(WeighedBatch weighed, PostState post, string reason, DecisionContext context)
    {
        if (!context.Reader.IsAdmin)
        {
            return weighed with { Refusal = ModerationRefusals.RedactionByAdmins };
        }

        var words = context.Named<RedactedWords>();
        if (words.Revisions.Count == 0)
        {
            weighed.LeaveAlone(WeighedBatch.Standing(post), "Its words are gone already.");
            return weighed with { Refusal = ModerationRefusals.NothingToDo };
        }

        foreach (var id in words.Threads)
        {
            if (context.Thread(id) is not { } thread)
            {
                return weighed with { Refusal = Decision.StreamsChanged };
            }

            weighed.Add(thread, new RevisionRedacted(post.Id, words.Revisions, reason));
        }

        weighed.AddPosts([WeighedBatch.Standing(post)]);
        return weighed with { Overwritten = words.Masked() };
    }
}

/// <summary>A command whose rule takes words out of events.</summary>
internal interface IRedactsWords
{
    RedactRevision? Redaction { get; }
}

/// <summary>Where the words stand that a command takes out of the forum.</summary>
/// <param name="Revisions">Those that have them, in order.</param>
/// <param name="Threads">Every thread that the post was ever in: pages of it may be kept that show the words.</param>
/// <param name="Events">The events that brought them.</param>
internal sealed record RedactedWords(
    IReadOnlyList<int> Revisions,
    IReadOnlyList<Guid> Threads,
    IReadOnlyList<IEvent> Events
) : INamedState
{
    internal const string ThreadsOf =
        $"select distinct thread_id from {PostTable.Table} where post_id = $1 order by thread_id";

    private const string Places = $"""
        select distinct on (p.revision) p.revision, p.thread_id, p.from_version
          from {PostTable.Table} p
         where p.post_id = $1 and p.masked is null
           and p.body = (select body from {PostTable.Table} where post_id = $1 and revision = $2 and masked is null limit 1)
         order by p.revision, p.position
        """;

    public static NamedStateSource Source { get; } =
        new(command => command.Command is IRedactsWords { Redaction: not null }, NeedsStreams: true, LoadAsync);

    /// <summary>The events as they are without the words.</summary>
    public IReadOnlyList<OverwrittenEvent> Masked() =>
        [.. Events.Select(e => new OverwrittenEvent(e, PostEvents.Masked(e.Data, Masking.Redacted), ["data.body"]))];

    public void Evolve(IEvent e, string actorName) { }

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        // Such a command is always carried out alone: it writes to several streams.
        var redaction = query
            .Commands.Select(command => command.Command)
            .OfType<IRedactsWords>()
            .Select(command => command.Redaction)
            .FirstOrDefault(redaction => redaction is not null);
        var places = new List<(int Revision, Guid ThreadId, long Version)>();
        var threads = new List<Guid>();
        if (redaction is null)
        {
            return new RedactedWords([], [], []);
        }

        var connection = (NpgsqlConnection)query.Session.Connection!;
        await using (var command = new NpgsqlCommand(Places, connection))
        {
            command.Parameters.AddWithValue(redaction.PostId);
            command.Parameters.AddWithValue(redaction.Revision);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                places.Add((rows.GetInt32(0), rows.GetGuid(1), rows.GetInt64(2)));
            }
        }

        await using (var command = new NpgsqlCommand(ThreadsOf, connection))
        {
            command.Parameters.AddWithValue(redaction.PostId);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                threads.Add(rows.GetGuid(0));
            }
        }

        var events = new List<IEvent>();
        foreach (var (_, thread, version) in places)
        {
            events.AddRange(await query.Session.Events.FetchStreamAsync(thread, version, fromVersion: version));
        }

        return new RedactedWords([.. places.Select(place => place.Revision)], threads, events);
    }
}
