using System.Text.Json;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using StreamState = EventForum.Commands.StreamState;

namespace EventForum.Tests.Threads;

/// <summary>Someone who may send a command.</summary>
internal sealed record Person(Guid Id, string Name, bool IsModerator = false)
{
    public static Person Ann { get; } = new(Guid.CreateVersion7(), "Ann");
    public static Person Ben { get; } = new(Guid.CreateVersion7(), "Ben");
    public static Person Mod { get; } = new(Guid.CreateVersion7(), "Mod", IsModerator: true);

    public (Person Who, object Event) Did(object data) => (this, data);
}

/// <summary>A thread told by its events, folded as the program folds them, and what a rule makes of it.</summary>
internal sealed class ThreadStory
{
    public static readonly Guid Id = Guid.CreateVersion7();
    public static readonly Board Board = new(
        Guid.CreateVersion7(),
        1,
        "General",
        "general",
        null,
        DateTimeOffset.UnixEpoch
    );
    public static readonly Guid First = Guid.CreateVersion7();

    private StreamState thread = NoThread(Id);
    private readonly NamedPosts posts = new([]);
    private NamedBoards boards = new([]);

    public NamedPosts Posts => posts;

    /// <summary>Ann started a thread, and then this happened.</summary>
    public static ThreadStory Given(params (Person Who, object Event)[] events) =>
        Nothing()
            .And([Person.Ann.Did(new ThreadStarted(Board.Id, "A title", First, "The first post.", [])), .. events]);

    public static ThreadStory Nothing() => new() { boards = new NamedBoards([Board]) };

    public static ThreadStory NoBoard() => new();

    public ThreadStory And(params (Person Who, object Event)[] events)
    {
        foreach (var (who, data) in events)
        {
            var e = Told(data, who.Id, thread.Version + 1);
            thread.Append(e);
            posts.Evolve(e, who.Name);
        }

        return this;
    }

    /// <summary>What the rule makes of a command, whose text is read before: this may happen in between.</summary>
    public Verdict When(Person who, IThreadCommand command, params (Person Who, object Event)[] meanwhile)
    {
        var text = command.Read(posts);
        And(meanwhile);
        return new(
            command.Decide(
                new DecisionContext(
                    command.Streams.ToDictionary(
                        stream => stream,
                        stream => stream == thread.Key ? thread : NoThread(stream.Id)
                    ),
                    [
                        new NamedPosts(command.Names.Ids.Concat(text.Sources).Select(StateOf).OfType<PostState>()),
                        boards,
                    ],
                    who.Id,
                    ReaderOf(who),
                    text
                )
            )
        );

        // As the writer loads them: only a post that is edited comes with its text.
        PostState? StateOf(Guid id) =>
            posts.Find(id) is not { } post || id == command.Names.EditedId
                ? posts.Find(id)
                : post with
                {
                    Row = post.Row with { Body = "", Quotes = [] },
                    AuthorName = null,
                    HasText = false,
                };
    }

    public static Reader ReaderOf(Person who, Sanction? silence = null)
    {
        var subject = "test#" + who.Name;
        var roles = new RecordedRoles(who.Id, who.IsModerator ? [Role.Moderator] : [], null, []);
        return new Reader(
            subject,
            who.Id,
            new AccessRules(
                new Dictionary<Guid, BoardAccess>(),
                new Dictionary<string, RecordedRoles>(StringComparer.Ordinal) { [subject] = roles },
                silences: silence is null
                    ? null
                    : new Dictionary<string, Sanction>(StringComparer.Ordinal) { [subject] = silence }
            )
        );
    }

    private static StreamState NoThread(Guid id) => new(ForumThread.Stream(id), null, 0, _ => { });

    public static IEvent Told(object data, Guid actor, long version)
    {
        var e = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;
        e.StreamId = Id;
        e.Version = version;
        e.Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(version);
        e.UserName = actor.ToString();
        return e;
    }
}

internal sealed record Verdict(Decision Decision)
{
    public Receipt Then(params object[] events)
    {
        Decision.Refusal.ShouldBeNull();
        Decision.Events.Select(Text).ShouldBe(events.Select(Text));
        return Decision.Receipt;
    }

    public Refusal ThenRefused(int status, string type)
    {
        Decision.Events.ShouldBeEmpty();
        var refusal = Decision.Refusal.ShouldNotBeNull();
        (refusal.Status, refusal.Type).ShouldBe((status, type));
        refusal.Title.ShouldNotBeNullOrWhiteSpace();
        refusal.Detail.ShouldNotBeNullOrWhiteSpace();
        return refusal;
    }

    private static string Text(object e) => e.GetType().Name + JsonSerializer.Serialize(e, e.GetType());
}
