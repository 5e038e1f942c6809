using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;

namespace EventForum.Moderation;

/// <summary>
/// The events of posts and of the headers of threads, in their order, and which batches are undone: to fold them as if a
/// batch had never been.
/// </summary>
internal sealed class BatchHistory : INamedState
{
    private readonly Dictionary<Guid, List<IEvent>> posts = [];
    private readonly Dictionary<Guid, List<IEvent>> headers = [];
    private readonly Dictionary<Guid, List<IEvent>> members = [];
    private readonly Dictionary<Guid, Guid> undoes = [];

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

    public void AddToPost(Guid postId, IEvent e) => Of(posts, postId).Add(e);

    public void AddToHeader(IEvent e) => Of(headers, e.StreamId).Add(e);

    public void AddToMember(IEvent e) => Of(members, e.StreamId).Add(e);

    public void AddUndo(Guid batch, Guid undone) => undoes[batch] = undone;

    /// <summary>The batches by which all of it was done.</summary>
    public IEnumerable<Guid> Batches =>
        posts
            .Values.Concat(headers.Values)
            .Concat(members.Values)
            .SelectMany(events => events)
            .SelectMany(e => e.Data is PostHeld held ? [e.BatchId(), held.SilenceId] : new[] { e.BatchId() });

    private static List<IEvent> Of(Dictionary<Guid, List<IEvent>> events, Guid id) =>
        events.TryGetValue(id, out var known) ? known : events[id] = [];

    private static bool IsMove(IEvent e) => e.Data is PostsMovedIn or PostsMovedOut;

    private bool IsUndone(Guid batch, Guid? without) =>
        batch == without
        || undoes.Any(undo => undo.Value == batch && undo.Key != without && !IsUndone(undo.Key, without));

    /// <summary>A post waits because of the silence of its author: without that it does not.</summary>
    private bool Counts(IEvent e, Guid without) =>
        Counts(e.BatchId(), without) && (e.Data is not PostHeld held || Counts(held.SilenceId, without));

    /// <summary>An undo changes nothing by itself: it says that another batch does not count.</summary>
    private bool Counts(Guid batch, Guid without) => !undoes.ContainsKey(batch) && !IsUndone(batch, without);
}
