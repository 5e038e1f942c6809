using CsCheck;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.History;
using EventForum.Lists;
using EventForum.Members;
using EventForum.Tests.Threads;
using EventForum.Threads;
using JasperFx.Events;
using Case = EventForum.Cases.Case;

namespace EventForum.Tests.Platform;

/// <summary>States are folded from whatever was stored: no order of events may stop a fold.</summary>
public sealed class FoldTests
{
    private static readonly Gen<Guid> AnId = Gen.OneOf(ThreadStory.First, Person.Ann.Id, Person.Ben.Id);

    private static readonly Gen<string> AText = Gen.OneOf("", "Text.", "More \U0001F426 text.");

    private static readonly Gen<object> AStart = Gen.Select(
        AnId,
        AText,
        (id, text) => (object)new ThreadStarted(ThreadStory.Board.Id, text, id, text, [])
    );

    private static readonly Gen<object> AChange = Gen.OneOf(
        Gen.Select(
            AnId,
            Gen.Int[1, 9],
            AText,
            (id, n, text) => (object)new ReplyPosted(id, n, text, [], n, ParentId: id)
        ),
        Gen.Select(AnId, AText, (id, text) => (object)new PostEdited(id, text, [], text)),
        Gen.Select(AnId, AText, (id, text) => (object)new PostRemoved(id, text)),
        Gen.Select(AnId, AnId, (id, other) => (object)new PostHeld(id, other, other)),
        Gen.Select(AnId, Gen.Int[1, 3], AText, (id, n, text) => (object)new RevisionRedacted(id, [n], text)),
        Gen.Const((object)new WordsErased(1)),
        Gen.Const((object)new ReasonsExpired(DateTimeOffset.UnixEpoch)),
        Gen.Select(AnId, (id) => (object)new PostRestored(id, null)),
        AText.Select(text => (object)new ThreadRenamed(text, text)),
        AText.Select(text => (object)new ThreadLocked(text)),
        AText.Select(text => (object)new ThreadUnlocked(text)),
        AText.Select(text => (object)new ThreadPinned(text)),
        AText.Select(text => (object)new ThreadUnpinned(text)),
        AText.Select(text => (object)new ThreadMoved(Guid.CreateVersion7(), text ?? "")),
        AText.Select(text => (object)new BoardCreated(text, null)),
        AText.Select(text => (object)new MemberRegistered(text, text)),
        AText.Select(text => (object)new TitleGranted(text)),
        AnId.Select(id => (object)new AccountClaimed(id)),
        AnId.Select(id => (object)new AccountMerged(id)),
        Gen.Select(AnId, AText, (id, text) => (object)new PostReported(id, id, 1, text, text)),
        Gen.Const((object)new CaseTaken()),
        Gen.Select(AnId, AText, (id, text) => (object)new CaseResolved(id, text, text)),
        AText.Select(text => (object)new CaseDismissed(text)),
        AText.Select(text => (object)new DecisionAppealed(text)),
        Gen.Bool.Select(isOverturned => (object)new AppealDecided(isOverturned, "Text.", null)),
        AText.Select(text => (object)text)
    );

    private static readonly Gen<List<IEvent>> AnyEvents = Gen.Select(
            Gen.OneOf(AStart, AChange),
            AnId,
            (data, actor) => (data, actor)
        )
        .List[0, 20]
        .Select(told => told.Select((t, i) => ThreadStory.Told(t.data, t.actor, i + 1)).ToList());

    [Fact]
    public void any_events_in_any_order_can_be_folded() =>
        AnyEvents.Sample(events =>
        {
            ForumThread? thread = null;
            Board? board = null;
            Member? member = null;
            Case? known = null;
            ListedThread? listed = null;
            var posts = new NamedPosts([]);
            foreach (var e in events)
            {
                thread = ForumThread.Fold(thread, e);
                board = Board.Fold(board, e);
                member = Member.Fold(member, e);
                known = Case.Fold(known, e);
                listed = ListedThread.Fold(listed, e);
                posts.Evolve(e, "Someone");
            }

            BoardIndex.Fold([], events);
            QuoteGraph.Fold([], events);
        });

    [Fact]
    public void a_threads_version_is_the_number_of_its_events() =>
        Gen.Select(AStart, AChange.List[0, 20], (start, changes) => (List<object>)[start, .. changes])
            .Sample(events =>
            {
                ForumThread? thread = null;
                foreach (var data in events)
                {
                    thread = ForumThread.Fold(
                        thread,
                        ThreadStory.Told(data, Person.Ann.Id, (thread?.Version ?? 0) + 1)
                    );
                }

                return thread!.Version == events.Count;
            });

    [Fact]
    public void folding_changes_nothing_that_was_folded_before() =>
        AnyEvents.Sample(events =>
        {
            ForumThread? thread = null;
            foreach (var e in events)
            {
                var before = thread;
                var kept = before is null ? null : before with { };
                thread = ForumThread.Fold(before, e);
                before.ShouldBe(kept);
                ForumThread.Fold(before, e).ShouldBe(thread);
            }
        });
}
