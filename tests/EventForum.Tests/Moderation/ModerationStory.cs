using EventForum.Access;
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

    private readonly Dictionary<StreamKey, StreamState> streams = [];
    private readonly BatchHistory history = new();
    private readonly Dictionary<Guid, Guid> undone = [];
    private long position;

    private DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddSeconds(position + 1);

    public NamedPosts Posts { get; } = new([]);

    /// <summary>Everything that happened, with the batch that did it.</summary>
    public List<(Guid Batch, IEvent Event)> Events { get; } = [];

    public IReadOnlyList<Guid> ThreadIds { get; }

    public IReadOnlyList<Guid> PostIds { get; }

    public IReadOnlyList<Guid> MemberIds { get; } = [Person.Ann.Id, Person.Ben.Id];

    public ModerationStory(int threads, int posts)
    {
        foreach (var member in (Person[])[Person.Ann, Person.Ben])
        {
            Append(Guid.CreateVersion7(), member, member.Id, new MemberRegistered(member.Name, member.Name));
        }

        ThreadIds = [.. Enumerable.Range(0, threads).Select(_ => Guid.CreateVersion7())];
        PostIds = [.. Enumerable.Range(0, threads * posts).Select(_ => Guid.CreateVersion7())];
        for (var i = 0; i < PostIds.Count; i++)
        {
            var (thread, number) = (ThreadIds[i / posts], (i % posts) + 1);
            Append(
                Guid.CreateVersion7(),
                i % 2 == 0 ? Person.Ann : Person.Ben,
                thread,
                number == 1
                    ? new ThreadStarted(ThreadStory.Board.Id, $"Title {i}", PostIds[i], $"Body {i}", [])
                    : new ReplyPosted(PostIds[i], number, $"Body {i}", [], number - 1)
            );
        }
    }

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
        var text = act.Revision is { } revision ? Revision(revision.PostId, revision.Revision) : null;
        return Store(
            batch,
            who,
            new CarryOutBatch(
                batch,
                request,
                act,
                [.. posts.Select(post => (post, ThreadOf(post)))],
                [.. act.Threads.Concat(posts.Select(ThreadOf)).Distinct()],
                text,
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
                [.. changes.Select(e => e.Event.StreamId).Where(ThreadIds.Contains).Distinct()],
                [.. changes.Select(e => e.Event.StreamId).Where(MemberIds.Contains).Distinct()]
            )
        );
        if (refusal is null)
        {
            undone[by] = batch;
        }

        return refusal;
    }

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

    private Refusal? Store(Guid batch, Person who, ICommand command, PostText? text = null)
    {
        foreach (var stream in command.Streams)
        {
            Stream(stream);
        }

        var decision = command.Decide(
            new DecisionContext(streams, [Posts, history], who.Id, ThreadStory.ReaderOf(who, SilenceOf(who)), text)
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
        history.Add(e);
        Events.Add((batch, e));
    }

    private StreamState Stream(StreamKey key) =>
        streams.TryGetValue(key, out var state) ? state : streams[key] = new StreamState(key, null, 0, _ => { });
}
