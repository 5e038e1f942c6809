using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Npgsql;
using Weasel.Storage;

namespace EventForum.Threads;

/// <summary>One attempt at a batch: what it loaded, decided and will answer.</summary>
/// <param name="mayRemember">Whether states that may have passed will do; otherwise they are read.</param>
internal sealed class ThreadBatchRun(
    IReadOnlyList<Waiting> commands,
    MemberDirectory members,
    ThreadStates states,
    bool mayRemember,
    ILogger log
)
{
    private readonly Dictionary<Guid, Slot> slots = [];
    private readonly Dictionary<string, (string Request, Settled Answer)> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownMember> recognised = new(StringComparer.Ordinal);

    /// <summary>Keys of the names that members of this batch register with.</summary>
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Registrant> registrants = new(StringComparer.Ordinal);
    private readonly List<Settled> settled = new(commands.Count);
    private bool remembers;

    public IEvent? FirstEvent { get; private set; }

    public bool HasEvents => FirstEvent is not null;

    /// <summary>Whether a command was turned down by a state that was not read: the thread may have moved on.</summary>
    public bool IsRefusedFromMemory => remembers && settled.Any(one => one.Receipt is null);

    public async Task DecideAsync(IDocumentSession session)
    {
        var (boards, posts) = await LoadAsync(session);
        foreach (var command in commands)
        {
            settled.Add(Settle(command, boards, posts, session));
        }
    }

    public void Answer(WatchedThreads watched)
    {
        foreach (var one in settled)
        {
            one.Reply();
        }

        foreach (var (subject, registrant) in registrants)
        {
            if (registrant.IsStored)
            {
                members.Learn(subject, registrant.Id, registrant.Name);
            }
        }

        foreach (var (id, slot) in slots)
        {
            if (slot is { HasEvents: true, Thread: { } thread })
            {
                watched.Changed(id, new WatchedState(slot.Version, thread.LastNumber));
                slot.Keep(states);
            }
        }
    }

    /// <summary>Reads back where the events went, when the save did not live to tell.</summary>
    public async Task FindPositionsAsync(IDocumentStore store)
    {
        await using var session = store.QuerySession();
        foreach (var (id, slot) in slots.Where(slot => slot.Value.HasEvents))
        {
            var stored = await session.Events.FetchStreamAsync(id, fromVersion: slot.LoadedVersion + 1);
            foreach (var one in settled.Where(one => one.Last?.StreamId == id && one.Last.Sequence == 0))
            {
                one.Last!.Sequence = stored.Single(e => e.Id == one.Last.Id).Sequence;
            }
        }
    }

    private async Task<(IReadOnlyDictionary<Guid, Board> Boards, NamedPosts Posts)> LoadAsync(IDocumentSession session)
    {
        var ids = commands.Select(command => command.Message.Command.ThreadId).Distinct().ToArray();
        var boardIds = commands.Select(command => command.Message.Command.BoardId).OfType<Guid>().Distinct().ToArray();
        var answerIds = commands
            .Select(command => AnswerId(command.Message))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var postsAreNamed = commands.Any(command => !command.Message.Command.Names.IsNone);
        var callers = commands
            .Select(command => command.Message.Caller)
            .DistinctBy(caller => caller.Subject, StringComparer.Ordinal)
            .ToLookup(caller => Recognise(caller.Subject));
        var strangers = callers[false].ToArray();
        // One thread only: its append looks at its version before it draws positions. Of several, those before a thread
        // that has moved on would have drawn theirs, and views wait at the gap.
        if (
            mayRemember
            && ids.Length == 1
            && boardIds.Length + answerIds.Length + strangers.Length == 0
            && !postsAreNamed
            && states.Take(ids[0]) is { } thread
        )
        {
            remembers = true;
            slots[thread.Id] = Slot.From(thread, session);
            return (new Dictionary<Guid, Board>(), new NamedPosts([]));
        }

        var batch = session.CreateBatchQuery();
        var streams = ids.ToDictionary(id => id, id => batch.Events.FetchForWriting<ForumThread>(id));
        var boards = boardIds.Length > 0 ? batch.LoadMany<Board>().ById(boardIds) : null;
        // Answers are read after what rules look at: a rule that sees what its command did elsewhere finds its answer.
        var earlier = answerIds.Length > 0 && !postsAreNamed ? batch.LoadMany<GivenAnswer>().ById(answerIds) : null;
        var subjects = strangers.Select(caller => caller.Subject).ToArray();
        var keys = strangers.Select(caller => MemberName.Key(caller.Name)).ToArray();
        var known =
            strangers.Length > 0
                ? batch.Query<Member>().Where(m => m.Subject.IsOneOf(subjects) || m.NameKey.IsOneOf(keys)).ToList()
                : null;
        await batch.Execute();

        foreach (var (id, stream) in streams)
        {
            slots[id] = Slot.From(await stream);
        }

        var byKnown = known is null ? [] : await known;
        foreach (var stranger in strangers)
        {
            registrants[stranger.Subject] = Registrant.For(stranger, byKnown);
        }

        var wanted = commands
            .Select(command => command.Message.Command)
            .Where(command => !command.Names.IsNone)
            .Select(command => (command.ThreadId, slots[command.ThreadId].Thread?.LastNumber ?? 0, command.Names))
            .ToList();
        var posts = await NamedPostsQuery.LoadAsync((NpgsqlConnection)session.Connection!, wanted);
        var answers =
            earlier is not null ? await earlier
            : answerIds.Length > 0 ? await session.LoadManyAsync<GivenAnswer>(answerIds)
            : [];
        foreach (var answer in answers)
        {
            var version = answer.Receipt.Version;
            var last = await session.Events.FetchStreamAsync(answer.StreamId, version, fromVersion: version);
            given[answer.Id] = (answer.Request, new Settled(answer.Receipt, last[^1]));
        }

        return (boards is null ? new Dictionary<Guid, Board>() : (await boards).ToDictionary(board => board.Id), posts);
    }

    private Settled Settle(
        Waiting waiting,
        IReadOnlyDictionary<Guid, Board> boards,
        NamedPosts posts,
        IDocumentSession session
    )
    {
        var message = waiting.Message;
        var command = message.Command;
        var slot = slots[command.ThreadId];
        var answerId = AnswerId(message);
        var request = answerId is null ? "" : Fingerprint(command);
        if (answerId is not null && given.TryGetValue(answerId, out var earlier))
        {
            return earlier.Request == request
                ? earlier.Answer with
                {
                    Waiting = waiting,
                }
                : Refuse(IdempotencyKey.ReusedForAnother);
        }

        var registrant = registrants.GetValueOrDefault(message.Caller.Subject);
        if (registrant?.Refusal is { } refusal)
        {
            return Refuse(refusal);
        }

        if (registrant is { IsStored: false } && names.Contains(MemberName.Key(registrant.Name)))
        {
            return Refuse(MemberName.Taken(registrant.Name));
        }

        var actor = registrant?.Id ?? recognised[message.Caller.Subject].Id;
        Decision decision;
        try
        {
            var board = command.BoardId is { } boardId ? boards.GetValueOrDefault(boardId) : null;
            decision = command.Decide(new ThreadScene(slot.Thread, board, posts, actor, message.Caller));
        }
        catch (Exception e)
        {
            log.LogError(e, "The rule of {Command} failed", command.GetType().Name);
            return new Settled { Waiting = waiting, Failure = e };
        }

        if (decision.Refusal is not null)
        {
            return Refuse(decision.Refusal);
        }

        var causation = Guid.CreateVersion7().ToString();
        IEvent Event(object data)
        {
            var e = session.Events.BuildEvent(data);
            e.UserName = actor.ToString();
            e.CorrelationId = message.CorrelationId;
            e.CausationId = causation;
            FirstEvent ??= e;
            return e;
        }

        if (registrant is { IsNew: true, IsStored: false })
        {
            session.Events.StartStream<Member>(registrant.Id, Event(registrant.Event));
            registrant.IsStored = true;
            names.Add(MemberName.Key(registrant.Name));
        }

        var actorName = registrant?.Name ?? recognised[message.Caller.Subject].Name;
        var events = decision.Events.Select(Event).ToList();
        foreach (var e in events)
        {
            slot.Append(e);
            posts.Evolve(e, actorName);
        }

        var result = new Settled(decision.Receipt with { Version = slot.Version }, events[^1]) { Waiting = waiting };
        if (answerId is not null)
        {
            given[answerId] = (request, result);
            session.Insert(new GivenAnswer(answerId, request, command.ThreadId, result.Receipt!));
        }

        return result;

        Settled Refuse(Refusal why) => new() { Waiting = waiting, Refusal = why };
    }

    /// <summary>Once for a batch: the directory may forget meanwhile.</summary>
    private bool Recognise(string subject)
    {
        if (members.Find(subject) is not { } known)
        {
            return false;
        }

        recognised[subject] = known;
        return true;
    }

    private static string? AnswerId(RunThreadCommand message) =>
        GivenAnswer.IdFor(message.Caller, message.IdempotencyKey);

    private static string Fingerprint(IThreadCommand command) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    command.GetType().Name
                        + JsonSerializer.Serialize(command, command.GetType(), JsonSerializerOptions.Web)
                )
            )
        );

    /// <summary>A thread in this batch: its stream, and its state as the commands so far left it.</summary>
    private sealed class Slot(Guid id, ForumThread? loaded, long version, Action<IEvent> append)
    {
        private readonly ForumThread? before = loaded;
        private readonly List<IEvent> events = [];

        public ForumThread? Thread { get; private set; } = loaded;

        public long LoadedVersion => version;

        public long Version => version + events.Count;

        public bool HasEvents => events.Count > 0;

        public static Slot From(IEventStream<ForumThread> stream) =>
            new(stream.Id, stream.Aggregate, stream.CurrentVersion ?? 0, stream.AppendOne);

        /// <summary>
        /// As Marten itself does it for a state that it has read: the projection finds it in the session.
        /// </summary>
        public static Slot From(ForumThread thread, IDocumentSession session)
        {
            var stream = session.Events.Append(thread.Id);
            (stream.AggregateType, stream.ExpectedVersionOnServer) = (typeof(ForumThread), thread.Version);
            session.UseIdentityMapFor<ForumThread>();
            ((IStorageSession)session).ItemMap[typeof(ForumThread)] = new Dictionary<Guid, ForumThread>
            {
                [thread.Id] = thread,
            };
            return new Slot(thread.Id, thread, thread.Version, e => stream.AddEvent(e));
        }

        public void Append(IEvent e)
        {
            e.StreamId = id;
            append(e);
            events.Add(e);
            Thread = ForumThread.Fold(Thread, e);
        }

        /// <summary>The events have their times only now that they are stored.</summary>
        public void Keep(ThreadStates states)
        {
            if (events.Aggregate(before, ForumThread.Fold) is { } thread)
            {
                states.Keep(thread);
            }
        }
    }

    /// <summary>What one command came to, to be told when the batch is stored.</summary>
    private sealed record Settled(Receipt? Receipt = null, IEvent? Last = null)
    {
        public Waiting? Waiting { get; init; }

        public Refusal? Refusal { get; init; }

        public Exception? Failure { get; init; }

        public void Reply()
        {
            if (Failure is not null)
            {
                Waiting!.Fail(Failure);
            }
            else
            {
                Waiting!.Reply(Refusal is not null ? Refusal : Receipt! with { Position = Last!.Sequence });
            }
        }
    }
}
