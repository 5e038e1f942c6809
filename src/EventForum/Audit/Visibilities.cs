using EventForum.Access;
using EventForum.Boards;
using EventForum.History;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Audit;

/// <summary>The moment that is asked about: a time, or a position and the time of the event there.</summary>
internal sealed record AuditMoment(DateTimeOffset At, long? Position, bool IsNow = false);

/// <summary>
/// Reads the events that decide who could read a post: those of the post, of its thread's header, of its board and of the
/// member. Tables only lead to them.
/// </summary>
public sealed class Visibilities(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    IDocumentStore store,
    KnownEvents known,
    MemberNames names
)
{
    private const string Columns =
        "e.type, e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.position, e.causation_id";

    private const string UpTo = "($2 is null or e.timestamp <= $2) and ($3 is null or e.position <= $3)";

    /// <summary>Of an event that moved thousands of posts there is what it did to this one.</summary>
    private const string Post = $"""
        select {Columns},
               case when e.type in ('posts_moved_in', 'posts_moved_out')
                    then jsonb_build_object('posts', {One}'posts'{EndOne}, 'renumbered', {One}'renumbered'{EndOne})
                    else e.data - 'body' - 'quotes' end
          from {PostTable.Table} p
          join {MartenTables.Events} e on e.stream_id = p.thread_id and e.version = p.from_version
         where p.post_id = $1 and {UpTo}
         order by e.position
        """;

    private const string One = "coalesce((select jsonb_agg(m) from jsonb_array_elements(e.data -> ";
    private const string EndOne = ") m where m ->> 'postId' = $1::text), '[]')";

    private const string Header = $"""
        select {Columns}, e.data - 'body' - 'quotes' - 'posts' - 'renumbered'
          from {HeaderTable.Table} h
          join {MartenTables.Events} e on e.stream_id = h.thread_id and e.version = h.from_version
         where h.thread_id = $1 and {UpTo}
         order by e.position
        """;

    private const string Stream = $"""
        select {Columns}, e.data from {MartenTables.Events} e where e.stream_id = $1 and {UpTo} order by e.position
        """;

    private const string TimeOf = $"""
        select e.timestamp from {MartenTables.Events} e where position <= $1 order by position desc limit 1
        """;

    /// <summary>Null where nothing had happened by that position.</summary>
    internal async Task<AuditMoment?> MomentAsync(
        DateTimeOffset? at,
        long? position,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (position is null)
        {
            return new AuditMoment(at ?? now, null, IsNow: at is null);
        }

        await using var command = database.CreateCommand(TimeOf);
        command.Parameters.AddWithValue(position.Value);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation)
            ? new AuditMoment(rows.GetFieldValue<DateTimeOffset>(0), position)
            : null;
    }

    /// <summary>A refusal for who does not moderate the board that the post was in then.</summary>
    /// <param name="memberId">The member that is asked about; null for a guest.</param>
    /// <param name="isOpen">Whether it is asked who could.</param>
    internal async Task<(Refusal? Refusal, Visibility? Answer)> FindAsync(
        Guid postId,
        Guid? memberId,
        bool isOpen,
        AuditMoment moment,
        Reader asks,
        CancellationToken cancellation
    )
    {
        var post = await EventsAsync(Post, postId, moment, cancellation);
        IReadOnlyList<IEvent> header = [];
        IReadOnlyList<IEvent> board = [];
        if (VisibilityFold.ThreadOf(post) is { } threadId)
        {
            header = await EventsAsync(Header, threadId, moment, cancellation);
            var boardId = VisibilityFold.BoardOf(header) ?? Guid.Empty;
            if (!asks.Moderates(boardId))
            {
                return (BoardRefusals.ModeratorsOnly, null);
            }

            board = await EventsAsync(Stream, boardId, moment, cancellation);
        }

        var fold = new VisibilityFold(post, header, board);
        var about = isOpen ? fold.Row?.AuthorId : memberId;
        var person = about is { } id ? await EventsAsync(Stream, id, moment, cancellation) : [];
        var (everyone, roles, members) = isOpen ? fold.To(person, moment.At) : default;
        var cards = await names.FindAsync(
            (
                (Guid?[])[fold.Row?.AuthorId, fold.Row?.RemovedBy, memberId, .. (members ?? []).Cast<Guid?>()]
            ).OfType<Guid>(),
            asks,
            cancellation
        );
        if (memberId is { } asked && !cards.ContainsKey(asked))
        {
            return (MemberName.NoSuchMember, null);
        }

        var who = memberId is { } one ? EventActor.Of(one, cards) : null;
        var (visible, facts) = isOpen
            ? (null, fold.Facts(NameOf))
            : Told(fold.For(who?.Name, person, moment.At, NameOf, asks.IsAdmin));
        return (
            null,
            new Visibility(
                postId,
                moment.IsNow ? null : moment.At,
                moment.Position,
                who,
                visible,
                isOpen
                    ? new Readership(everyone, roles!, [.. members!.Select(member => EventActor.Of(member, cards))])
                    : null,
                facts
            )
        );

        string NameOf(Guid member) => cards.GetValueOrDefault(member)?.Name ?? "";

        static (bool?, IReadOnlyList<VisibilityFact>) Told(
            (bool Visible, IReadOnlyList<VisibilityFact> Facts) answer
        ) => (answer.Visible, answer.Facts);
    }

    private async Task<IReadOnlyList<IEvent>> EventsAsync(
        string sql,
        Guid id,
        AuditMoment moment,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        command.Parameters.Add(
            Value(
                moment.Position is null && !moment.IsNow ? moment.At.ToUniversalTime() : null,
                NpgsqlDbType.TimestampTz
            )
        );
        command.Parameters.Add(Value(moment.Position, NpgsqlDbType.Bigint));
        var (documents, events) = ((DocumentStore)store, new List<IEvent>());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            // What this program does not know says nothing that it goes by.
            if (known.Find(rows.GetString(0))?.EventType is not { } type)
            {
                continue;
            }

            var e = documents.Events.BuildEvent(documents.Options.Serializer().FromJson(type, rows, 8));
            e.Id = rows.GetGuid(1);
            e.StreamId = rows.GetGuid(2);
            e.Version = rows.GetInt64(3);
            e.Timestamp = rows.GetFieldValue<DateTimeOffset>(4);
            e.UserName = rows.GetString(5);
            e.Sequence = rows.GetInt64(6);
            e.CausationId = await rows.IsDBNullAsync(7, cancellation) ? null : rows.GetString(7);
            events.Add(e);
        }

        return events;
    }

    private static NpgsqlParameter Value(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
