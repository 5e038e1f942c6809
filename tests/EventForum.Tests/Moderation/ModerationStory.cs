using EventForum.Access;
using EventForum.Boards;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Tests.Threads;
using EventForum.Threads;
using JasperFx.Events;
using StreamState = EventForum.Commands.StreamState;

namespace EventForum.Tests.Moderation;

/// <summary>Some threads in which members write and moderators act, by the rules of the program, folded as it folds them.</summary>
internal sealed class ModerationStory
{
    public static readonly Person Max = new(Guid.CreateVersion7(), "Max", IsModerator: true);

    public static readonly Board Other = ThreadStory.Board with
    {
        Id = Guid.CreateVersion7(),
        Name = "Other",
        NameKey = Board.Key("Other"),
    };

    private readonly NamedBoards boards = new([ThreadStory.Board, Other]);
    private readonly Dictionary<StreamKey, StreamState> streams = [];
    private readonly BatchHistory history = new();
    private readonly StandingPosts standing = new([]);
    private readonly List<Guid> threadIds = [];
    private readonly List<Guid> postIds = [];
    private readonly Dictionary<Guid, Guid> undone = [];
    private long position;

    private DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddSeconds(position + 1);

    public NamedPosts Posts { get; } = new([]);

    /// <summary>Everything that happened, with the batch that did it.</summary>
    public List<(Guid Batch, IEvent Event)> Events { get; } = [];

    /// <summary>Those of the beginning first, and then those that were split off.</summary>
    public IReadOnlyList<Guid> ThreadIds => threadIds;

    public IReadOnlyList<Guid> PostIds => postIds;

    public int ThreadsAtFirst { get; }

    public IReadOnlyList<Guid> MemberIds { get; } = [Person.Ann.Id, Person.Ben.Id];

    public ModerationStory(int threads, int posts)
    {
        foreach (var member in (Person[])[Person.Ann, Person.Ben])
        {
            Append(Guid.CreateVersion7(), member, member.Id, new MemberRegistered(member.Name, member.Name));
        }

        Guid[] ids = [.. Enumerable.Range(0, threads).Select(_ => Guid.CreateVersion7())];
        ThreadsAtFirst = threads;
        for (var i = 0; i < threads * posts; i++)
        {
            var (thread, number) = (ids[i % threads], (i / threads) + 1);
            var post = Guid.CreateVersion7();
            Append(
                Guid.CreateVersion7(),
                i % 2 == 0 ? Person.Ann : Person.Ben,
                thread,
                number == 1
                    ? new ThreadStarted(ThreadStory.Board.Id, $"Title {i}", post, $"Body {i}", [])
                    : new ReplyPosted(post, number, $"Body {i}", [], number - 1)
            );
        }
    }

    /// <summary>Whether anything was written since the beginning.</summary>
    public bool HasReplies => postIds.Count > ThreadsAtFirst * 3;

    /// <summary>The batch that another one undoes.</summary>
    public Guid UndoneBy(Guid batch) => undone[batch];

    public ForumThread Thread(Guid id) => (ForumThread)Stream(ForumThread.Stream(id)).Aggregate!;

    public Member Member(Guid id) => (Member)Stream(EventForum.Members.Member.Stream(id)).Aggregate!;

    public Guid ThreadOf(Guid post) => Posts.Find(post)!.ThreadId;

    /// <summary>What somebody did without the moderators' desk: an edit, a removal.</summary>
    public Refusal? Run(Person who, IThreadCommand command)
    {
        var text = command.Read(Posts);
        return Store(Guid.CreateVersion7(), who, command, text);
    }

    public Refusal? Run(Person who, CarryOutBatchRequest request, Guid batch)
    {
        Acts.TryFind(request, out var act).ShouldBeTrue();
        var posts = act!.ByMember is { } of
            ? PostIds.Where(id => Posts.Find(id)!.AuthorId == of.MemberId).ToList()
            : act.Posts;
        return Store(
            batch,
            who,
            new CarryOutBatch(
                batch,
                request,
                act,
                [.. posts.Select(post => (post, ThreadOf(post)))],
                [
                    .. act
                        .Threads.Concat(posts.Select(ThreadOf))
                        .Concat(act.Move?.WholeThreads ?? [])
                        .Concat(act.Move?.ToThread is { } to ? [to] : [])
                        .Distinct(),
                ],
                new ActTerms(Now, [])
            )
        );
    }

    public Refusal? Undo(Person who, Guid batch, Guid by)
    {
        var root = batch;
        while (undone.TryGetValue(root, out var earlier))
        {
            root = earlier;
        }

        var changes = Events
            .Where(e => e.Batch == root && e.Event.Data is not (BatchApplied or BatchUndone))
            .Concat(Events.Where(e => e.Event.Data is PostHeld held && held.SilenceId == root))
            .ToList();
        var posts = changes.Select(e => PostEvents.PostOf(e.Event.Data)).OfType<Guid>().Distinct().ToList();
        var refusal = Store(
            by,
            who,
            new UndoBatch(
                by,
                batch,
                "Undone.",
                posts,
                [.. changes.Select(e => e.Event.Data).OfType<PostEdited>().Select(e => e.PostId).Distinct()],
                [.. changes.SelectMany(e => MovedBy(e.Event.Data)).Distinct()],
                [
                    .. changes
                        .Select(e => e.Event.StreamId)
                        .Where(ThreadIds.Contains)
                        .Concat(
                            changes
                                .SelectMany(e => PostEvents.PostsOf(e.Event.Data))
                                .SelectMany(post => Events.Where(e => PostEvents.PostsOf(e.Event.Data).Contains(post)))
                                .Select(e => e.Event.StreamId)
                        )
                        .Distinct(),
                ],
                [.. changes.Select(e => e.Event.StreamId).Where(MemberIds.Contains).Distinct()]
            )
        );
        if (refusal is null)
        {
            undone[by] = batch;
        }

        return refusal;
    }

    /// <summary>The posts that an event gave a place.</summary>
    private static IEnumerable<Guid> MovedBy(object data) =>
        data is PostsMovedIn or PostsMovedOut
            ? PostEvents.PostsOf(data).Where(post => PostEvents.NumberOf(data, post) is not null)
            : [];

    private Sanction? SilenceOf(Person who) => MemberIds.Contains(who.Id) ? Member(who.Id).Standing?.Silence : null;

    private PostRow? Revision(Guid post, int revision)
    {
        PostRow? row = null;
        foreach (var (_, e) in Events)
        {
            row = PostEvents.PostOf(e.Data) == post ? PostRow.Fold(row, e) : row;
            if (row?.Revision == revision)
            {
                return row;
            }
        }

        return null;
    }

    private ActWords WordsFor(ICommand command) =>
        new(
            command is IReadsWords reads
                ? reads.Words.Select(one => Revision(one.PostId, one.Revision ?? Posts.Find(one.PostId)!.Revision)!)
                : []
        );

    private Refusal? Store(Guid batch, Person who, ICommand command, PostText? text = null)
    {
        foreach (var stream in command.Streams)
        {
            Stream(stream);
        }

        var decision = command.Decide(
            new DecisionContext(
                streams,
                [Posts, history, boards, standing, WordsFor(command)],
                who.Id,
                ThreadStory.ReaderOf(who, SilenceOf(who)),
                text
            )
        );
        if (decision.Refusal is not null)
        {
            return decision.Refusal;
        }

        foreach (var (stream, events) in decision.WrittenTo(command.Streams))
        {
            foreach (var e in events)
            {
                Append(batch, who, stream.Id, e);
            }
        }

        return null;
    }

    private void Append(Guid batch, Person who, Guid stream, object data)
    {
        var key =
            data is BatchApplied or BatchUndone ? ModerationBatch.Stream(stream)
            : MemberIds.Contains(stream) ? EventForum.Members.Member.Stream(stream)
            : ForumThread.Stream(stream);
        var state = Stream(key);
        var e = ThreadStory.Told(data, who.Id, state.Version + 1);
        e.CausationId = batch.ToString();
        e.Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(++position);
        state.Append(e);
        Posts.Evolve(e, who.Name);
        standing.Evolve(e, who.Name);
        if (data is ThreadStarted or ThreadSplitOff)
        {
            threadIds.Add(stream);
        }

        if (data is IPostWritten)
        {
            postIds.Add(PostEvents.PostOf(data)!.Value);
        }

        history.Add(e);
        Events.Add((batch, e));
    }

    private StreamState Stream(StreamKey key) =>
        streams.TryGetValue(key, out var state) ? state : streams[key] = new StreamState(key, null, 0, _ => { });
}
