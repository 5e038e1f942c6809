using System.Collections.Frozen;
using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>A command that undoes a batch: its rule looks at what was done before to the same posts and threads.</summary>
internal interface IUndoesBatch : INamesPosts, IMovesPosts
{
    Guid UndoneId { get; }

    /// <summary>The posts whose removals and texts it may change.</summary>
    IReadOnlyList<Guid> PostIds { get; }

    /// <summary>Those of them that it may give another text.</summary>
    IReadOnlyList<Guid> EditedIds { get; }

    /// <summary>The posts that it may move to other threads, or give other numbers.</summary>
    IReadOnlyList<Guid> MovedIds { get; }

    IReadOnlyList<Guid> ThreadIds { get; }

    IReadOnlyList<Guid> MemberIds { get; }

    IReadOnlyList<Guid> IMovesPosts.MovedThreads => MovedIds.Count == 0 ? [] : ThreadIds;
}

/// <summary>
/// The events of posts and of the headers of threads, in their order, and which batches are undone: to fold them as if a
/// batch had never been.
/// </summary>
internal sealed class BatchHistory : INamedState
{
    private const string This = "jsonb_build_array(jsonb_build_object('postId', p.post_id, 'number', p.number))";

    /// <summary>
    /// Each row of a post is there because of an event. Texts come along where they may change. Of an event that moved
    /// thousands of posts there is what it did to this one.
    /// </summary>
    private const string Posts = $"""
        select e.type,
               case e.type
                    when 'posts_moved_in' then jsonb_build_object('posts', {This}, 'renumbered', jsonb_build_array())
                    when 'posts_moved_out' then jsonb_build_object('posts', jsonb_build_array(), 'renumbered', {This})
                    else case when p.post_id = any($2) then e.data else e.data - 'body' - 'quotes' end end,
               e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id, p.post_id
          from unnest($1) as k(post_id)
          join {PostTable.Table} p on p.post_id = k.post_id
          join {MartenTables.Events} e on e.stream_id = p.thread_id and e.version = p.from_version
         order by e.position
        """;

    private const string Headers = $"""
        select e.type, e.data - 'body' - 'quotes', e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id
          from unnest($1) as k(thread_id)
          join {HeaderTable.Table} h on h.thread_id = k.thread_id
          join {MartenTables.Events} e on e.stream_id = h.thread_id and e.version = h.from_version
         order by e.position
        """;

    private static readonly string Members = $"""
        select e.type, e.data, e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id
          from {MartenTables.Events} e
         where e.stream_id = any($1) and e.type in ({string.Join(
            ", ",
            Acts.MemberEventTypes.Select(type => $"'{type}'")
        )})
         order by e.position
        """;

    /// <summary>What undid these batches, and what undid that; and what they undid themselves.</summary>
    private const string Undoes = $"""
        with recursive undo(id, undone) as (
            select id, undone_batch_id from {MartenTables.Documents}moderationbatch where undone_batch_id = any($1)
            union
            select d.id, d.undone_batch_id from {MartenTables.Documents}moderationbatch d join undo on d.undone_batch_id = undo.id)
        select id, undone from undo
         union
        select id, undone_batch_id from {MartenTables.Documents}moderationbatch
         where id = any($1) and undone_batch_id is not null
        """;

    private static readonly FrozenDictionary<string, Type> Types = ThreadEventDescriptions
        .All.Concat(MemberEventDescriptions.All)
        .ToFrozenDictionary(
            description => description.Name,
            description => description.EventType,
            StringComparer.Ordinal
        );

    private readonly Dictionary<Guid, List<IEvent>> posts = [];
    private readonly Dictionary<Guid, List<IEvent>> headers = [];
    private readonly Dictionary<Guid, List<IEvent>> members = [];
    private readonly Dictionary<Guid, Guid> undoes = [];

    public static NamedStateSource Source { get; } =
        new(command => command.Command is IUndoesBatch, NeedsStreams: true, LoadAsync);

    /// <summary>Whether a batch is undone by one that is not undone itself.</summary>
    public bool IsUndone(Guid batch) => IsUndone(batch, null);

    /// <summary>How a post would stand, had a batch never been, and the number of the revision whose words it would have.</summary>
    public (PostRow Row, int Revision) PostWithout(Guid batch, Guid postId)
    {
        PostRow? row = null;
        var (revision, last) = (0, 0);
        foreach (var e in posts[postId])
        {
            var writes = e.Data is PostEdited || row is null;
            last += writes ? 1 : 0;
            if (row is null || Counts(e, batch))
            {
                row = PostRow.Fold(row, e);
                revision = writes ? last : revision;
            }
        }

        return (row!, revision);
    }

    /// <summary>The words that a post has now.</summary>
    public PostRow PostNow(Guid postId) => posts[postId].Aggregate((PostRow?)null, PostRow.Fold)!;

    /// <summary>The header that a thread would have, had a batch never been.</summary>
    public ThreadHeader HeaderWithout(Guid batch, Guid threadId) =>
        headers[threadId]
            .Where(e => e.Data is ThreadStarted or ThreadSplitOff || Counts(e, batch))
            .Aggregate((ThreadHeader?)null, ThreadHeader.Fold)!;

    /// <summary>Whether a thread would not be there, had a batch never been: it was split off by it.</summary>
    public bool IsGoneWithout(Guid batch, Guid threadId) =>
        headers[threadId][0] is { Data: ThreadSplitOff } split && !Counts(split.BatchId(), batch);

    /// <summary>The batches that moved posts into a thread and are not undone, had another one never been.</summary>
    public IEnumerable<Guid> MovesInto(Guid batch, Guid threadId) =>
        headers[threadId].Where(e => e.Data is PostsMovedIn && Counts(e.BatchId(), batch)).Select(e => e.BatchId());

    /// <summary>
    /// The batches that gave other posts one of these numbers in a thread after another batch had moved posts there or
    /// away, and are not undone.
    /// </summary>
    /// <param name="numbers">By post.</param>
    public IEnumerable<Guid> TakersOf(Guid batch, Guid threadId, IReadOnlyDictionary<Guid, int> numbers)
    {
        var wanted = numbers.ToLookup(post => post.Value, post => post.Key);
        var events = headers[threadId];
        return events
            .Skip(events.FindLastIndex(e => e.BatchId() == batch) + 1)
            .Where(e =>
                IsMove(e)
                && Counts(e.BatchId(), batch)
                && PostEvents
                    .PostsOf(e.Data)
                    .Any(post =>
                        PostEvents.NumberOf(e.Data, post) is { } number && wanted[number].Any(other => other != post)
                    )
            )
            .Select(e => e.BatchId());
    }

    /// <summary>The batch that undid the one by which a thread was split off.</summary>
    public IEnumerable<Guid> UndoesOfSplit(Guid batch, Guid threadId) =>
        undoes
            .Where(undo =>
                undo.Value == headers[threadId][0].BatchId() && undo.Key != batch && !IsUndone(undo.Key, batch)
            )
            .Select(undo => undo.Key);

    /// <summary>The last number that would be taken in a thread, had a batch never been.</summary>
    public int LastNumberWithout(Guid batch, ForumThread thread) =>
        headers[thread.Id]
            .Where(e => e.Data is PostsMovedIn && Counts(e.BatchId(), batch))
            .SelectMany(e => PostEvents.PostsOf(e.Data).Select(post => PostEvents.NumberOf(e.Data, post)!.Value))
            .Append(thread.LastReply ?? thread.LastNumber)
            .Max();

    /// <summary>The batch that moved a post again after another one had, and is not undone; null for none.</summary>
    public Guid? LaterMoveOf(Guid batch, Guid postId)
    {
        var events = posts[postId];
        var own = events.FindLastIndex(e => e.BatchId() == batch && IsMove(e));
        return events.Skip(own + 1).LastOrDefault(e => IsMove(e) && Counts(e.BatchId(), batch))?.BatchId();
    }

    /// <summary>The batch by which a post has its number in a thread; null where it was written there.</summary>
    public Guid? MoveOf(Guid batch, Guid threadId, Guid postId) =>
        headers[threadId]
            .LastOrDefault(e =>
                IsMove(e) && PostEvents.NumberOf(e.Data, postId) is not null && Counts(e.BatchId(), batch)
            )
            ?.BatchId();

    /// <summary>How a member would stand, had a batch never been.</summary>
    public Standing StandingWithout(Guid batch, Guid memberId) =>
        members
            .GetValueOrDefault(memberId, [])
            .Where(e => Counts(e, batch))
            .Aggregate(Standing.Good, StandingFold.After);

    public void Evolve(IEvent e, string actorName)
    {
        if (e.Data is BatchApplied { UndoneBatchId: { } undone })
        {
            undoes[e.StreamId] = undone;
        }

        foreach (var post in PostEvents.PostsOf(e.Data))
        {
            if (
                posts.TryGetValue(post, out var ofPost)
                && (e.Data is not PostsMovedOut || PostEvents.NumberOf(e.Data, post) is not null)
            )
            {
                ofPost.Add(e);
            }
        }

        if (headers.TryGetValue(e.StreamId, out var ofHeader) && ThreadHeader.IsChangedBy(e))
        {
            ofHeader.Add(e);
        }

        if (members.TryGetValue(e.StreamId, out var ofMember))
        {
            ofMember.Add(e);
        }
    }

    /// <summary>Takes in an event of before.</summary>
    internal void Add(IEvent e)
    {
        if (e.Data is IPostWritten)
        {
            posts[PostEvents.PostOf(e.Data)!.Value] = [];
        }

        if (e.Data is ThreadStarted or ThreadSplitOff)
        {
            headers[e.StreamId] = [];
        }

        if (e.Data is MemberRegistered)
        {
            members[e.StreamId] = [];
        }

        Evolve(e, "");
    }

    private static bool IsMove(IEvent e) => e.Data is PostsMovedIn or PostsMovedOut;

    private bool IsUndone(Guid batch, Guid? without) =>
        batch == without
        || undoes.Any(undo => undo.Value == batch && undo.Key != without && !IsUndone(undo.Key, without));

    /// <summary>A post waits because of the silence of its author: without that it does not.</summary>
    private bool Counts(IEvent e, Guid without) =>
        Counts(e.BatchId(), without) && (e.Data is not PostHeld held || Counts(held.SilenceId, without));

    /// <summary>An undo changes nothing by itself: it says that another batch does not count.</summary>
    private bool Counts(Guid batch, Guid without) => !undoes.ContainsKey(batch) && !IsUndone(batch, without);

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var history = new BatchHistory();
        var commands = query.Commands.Select(command => command.Command).OfType<IUndoesBatch>().ToList();
        if (commands.Count == 0)
        {
            return history;
        }

        await history.AddAsync(
            query.Session,
            Posts,
            history.posts,
            [.. commands.SelectMany(one => one.PostIds.Concat(one.MovedIds))],
            [.. commands.SelectMany(one => one.EditedIds)]
        );
        await history.AddAsync(query.Session, Headers, history.headers, [.. commands.SelectMany(one => one.ThreadIds)]);
        await history.AddAsync(query.Session, Members, history.members, [.. commands.SelectMany(one => one.MemberIds)]);
        await using var command = new NpgsqlCommand(Undoes, (NpgsqlConnection)query.Session.Connection!);
        command.Parameters.AddWithValue(
            history
                .posts.Values.Concat(history.headers.Values)
                .Concat(history.members.Values)
                .SelectMany(events => events)
                .SelectMany(e => e.Data is PostHeld held ? [e.BatchId(), held.SilenceId] : new[] { e.BatchId() })
                .Concat(commands.Select(one => one.UndoneId))
                .Distinct()
                .ToArray()
        );
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            history.undoes[reader.GetGuid(0)] = reader.GetGuid(1);
        }

        return history;
    }

    private async Task AddAsync(
        IDocumentSession session,
        string sql,
        Dictionary<Guid, List<IEvent>> to,
        params Guid[][] ids
    )
    {
        var store = (DocumentStore)session.DocumentStore;
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)session.Connection!);
        foreach (var parameter in ids)
        {
            command.Parameters.AddWithValue(parameter.Distinct().ToArray());
        }

        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var e = store.Events.BuildEvent(store.Options.Serializer().FromJson(Types[reader.GetString(0)], reader, 1));
            e.Id = reader.GetGuid(2);
            e.StreamId = reader.GetGuid(3);
            e.Version = reader.GetInt64(4);
            e.Timestamp = reader.GetFieldValue<DateTimeOffset>(5);
            e.UserName = reader.GetString(6);
            e.CausationId = await reader.IsDBNullAsync(7) ? null : reader.GetString(7);
            var of = to == posts ? reader.GetGuid(8) : e.StreamId;
            (to.TryGetValue(of, out var events) ? events : to[of] = []).Add(e);
        }
    }
}
