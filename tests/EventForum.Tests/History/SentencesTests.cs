using EventForum.Access;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.History;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Tests.Access;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Views.Framework;

namespace EventForum.Tests.History;

public sealed class SentencesTests
{
    private static readonly EventActor Tom = new(Guid.Parse("01890000-0000-7000-8000-000000000001"), "tom");
    private static readonly EventActor Moira = new(Guid.Parse("01890000-0000-7000-8000-000000000002"), "moira");
    private static readonly EventPost Twelve = new(Guid.Parse("01890000-0000-7000-8000-000000000012"), 12, Tom);
    private static readonly Quote OfTwelve = new(0, Twelve.Id, 1, 0, 4);

    public static TheoryData<object?, string> Events =>
        new()
        {
            { new ThreadStarted(default, "Herons", default, "", []), "moira started the thread “Herons”" },
            { new ReplyPosted(default, 13, "", [], 12), "moira wrote post 13" },
            {
                new ReplyPosted(default, 13, "", [], 12, new Mask(Masking.Unknown, 0)),
                "moira wrote post 13, in words that are not known"
            },
            {
                new ReplyPosted(default, 13, "", [], 12, ParentId: OfTwelve.PostId),
                "moira wrote post 13, answering post 12 by tom"
            },
            {
                new ReplyPosted(default, 13, "", [OfTwelve, OfTwelve], 12),
                "moira wrote post 13, quoting post 12 by tom"
            },
            { new PostRemoved(Twelve.Id, "spam"), "moira removed post 12 by tom: spam" },
            { new PostHeld(Twelve.Id, Guid.Empty, Guid.Empty), "post 12 by tom waits for a moderator" },
            { new RevisionRedacted(Twelve.Id, [2], "private"), "moira redacted revision 2 of post 12 by tom: private" },
            { new WordsErased(7), "moira took out the words of erased member 7" },
            {
                new ReasonsExpired(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)),
                "moira took out the reasons that were given before 2 January 2026"
            },
            { new MemberSilenced(null, "Noise"), "moira silenced tom" },
            { new SilenceLifted("Calm"), "moira lifted the silence of tom" },
            { new MemberSuspended(null, "Noise"), "moira suspended tom" },
            {
                new MemberSuspended(null, "Noise", Automatic: true),
                "tom was suspended automatically, with the warning by moira"
            },
            { new PostRestored(Twelve.Id, null), "moira restored post 12 by tom" },
            { new PostEdited(Twelve.Id, "", [], "Rules."), "moira edited post 12 by tom: Rules." },
            { new ThreadRenamed("Egrets", "Clearer"), "moira renamed the thread to “Egrets”: Clearer" },
            { new ThreadLocked("Settled"), "moira locked the thread: Settled" },
            { new ThreadPinned(null), "moira pinned the thread" },
            { new ThreadMoved(Guid.Empty, "Off topic"), "moira moved the thread to another board: Off topic" },
            { new ThreadUnpinned("Old"), "moira unpinned the thread: Old" },
            { new ThreadUnlocked("More"), "moira unlocked the thread: More" },
            { new BoardCreated("Birds", null), "moira opened the board “Birds”" },
            { new BoardRenamed("Waders"), "moira renamed the board to “Waders”" },
            { new BoardDescribed(null), "moira described the board anew" },
            { new BoardPermissionsChanged(null!, null!, null!, null!), "moira changed who may do what on the board" },
            { new ModerationLogPublished(true), "moira had the board show what moderators do" },
            { new BoardClosed("Winter"), "moira closed the board: Winter" },
            { new BoardReopened("Spring"), "moira reopened the board: Spring" },
            { new TokenRolesChanged([], default), "tom signed in with other roles" },
            { new RolesGranted([]), "moira changed the roles of tom" },
            { new AccountClaimed(Tom.Id), "moira said who signs in as tom" },
            { new AccountClaimed(null), "moira said that nobody who signs in is tom" },
            { new AccountMerged(Tom.Id), "moira said whom tom writes as" },
            { new AccountMerged(null), "moira said that tom is nobody else" },
            { new MemberRegistered("issuer#moira", "moira"), "moira joined" },
            { new TitleGranted("Keeper"), "moira gave tom the title “Keeper”" },
            { new TitleGranted(null), "moira took back the title of tom" },
            { new PostReported(Twelve.Id, Tom.Id, 1, "spam", "Look at it."), "A member reported post 12 by tom" },
            { new CaseTaken(), "moira took a case" },
            { new CaseNoted("Hm."), "A moderator wrote a note on a case" },
            { new CaseResolved(default, "spam", "It sells."), "moira resolved a case" },
            { new CaseDismissed("A joke"), "moira dismissed a case: A joke" },
            { new DecisionAppealed("No."), "moira appealed against a decision" },
            { new AppealDecided(true, "Right", null), "moira overturned a decision: Right" },
            { new AppealDecided(false, "Wrong", null), "moira upheld a decision: Wrong" },
            { new ViewPaused("activity", "Too slow"), "moira paused the view activity: Too slow" },
            { new ViewResumed("activity", "Mended"), "moira resumed the view activity: Mended" },
            {
                new ViewEventSkipped("activity", 2, Guid.Empty, 3, "Bug"),
                "moira had version 2 of the view activity skip an event: Bug"
            },
            { new BatchUndone(Guid.Empty), "moira undid it" },
            { null, "moira: thread pinned" },
        };

    [Fact]
    public void a_move_names_the_other_place_where_it_is_known_and_the_post_whose_story_is_told()
    {
        var moved = new PostsMovedOut(
            default,
            [new NumberedPost(Twelve.Id, 12), new NumberedPost(Guid.Empty, 14)],
            [],
            14,
            2,
            "Off topic"
        );
        Told(moved, null, null).ShouldBe("moira moved 2 posts to another thread");
        Told(moved, "Egrets", null).ShouldBe("moira moved 2 posts to “Egrets”");
        Told(moved, "Egrets", Twelve.Id).ShouldBe("moira moved this post (#12) and another one to “Egrets”");
        Told(new ThreadMoved(default, "Off topic"), "Waders", null)
            .ShouldBe("moira moved the thread to the board “Waders”");
        var came = new PostsMovedIn(
            default,
            [new MovedPost(Guid.Empty, 3, Tom.Id, default)],
            [new NumberedPost(Twelve.Id, 4)],
            4,
            0,
            "One matter"
        );
        Told(came, "Herons", Twelve.Id).ShouldBe("moira moved a post here from “Herons”, which made this post #4");

        static string Told(object data, string? place, Guid? told) =>
            Sentences.Of(
                "",
                DescriptionOf(data),
                data,
                Moira,
                null,
                null,
                Find,
                false,
                place,
                told,
                withoutReason: true
            );
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void an_event_is_a_sentence(object? data, string sentence) =>
        Sentences.Of("thread_pinned", DescriptionOf(data), data, Moira, Twelve, "tom", Find).ShouldBe(sentence);

    [Fact]
    public void whoever_changes_their_own_post_is_named_once()
    {
        var edited = new PostEdited(Twelve.Id, "", [], null);

        Sentences
            .Of("post_edited", DescriptionOf(edited), edited, Tom, Twelve, null, Find)
            .ShouldBe("tom edited post 12");
    }

    [Fact]
    public void the_reason_of_an_edit_is_withheld_with_its_words()
    {
        var edited = new PostEdited(Twelve.Id, "", [], "Rules.");

        Sentences
            .Of("post_edited", DescriptionOf(edited), edited, Moira, Twelve, null, Find, isWithheld: true)
            .ShouldBe("moira edited post 12 by tom");
    }

    [Theory]
    [InlineData("\u05d3\u05d5\u05d3", "\u2068\u05d3\u05d5\u05d3\u2069")]
    [InlineData("tom\u202e", "\u2068tom\u202e\u2069")]
    public void what_runs_from_right_to_left_does_not_turn_the_sentence_around(string text, string isolated)
    {
        var who = Tom with { Name = text };
        var post = Twelve with { Author = who };

        Of(new ThreadRenamed(text, text), Moira).ShouldBe($"moira renamed the thread to “{isolated}”: {isolated}");
        Of(new PostRemoved(Twelve.Id, text), Moira).ShouldBe($"moira removed post 12 by {isolated}: {isolated}");
        Of(new ThreadStarted(default, text, default, "", []), who)
            .ShouldBe($"{isolated} started the thread “{isolated}”");
        Of(new ReplyPosted(default, 13, "", [OfTwelve], 12), Moira)
            .ShouldBe($"moira wrote post 13, quoting post 12 by {isolated}");
        Of(new BoardCreated(text, null), who).ShouldBe($"{isolated} opened the board “{isolated}”");
        Of(new MemberRegistered("issuer#1", text), who).ShouldBe($"{isolated} joined");
        Of(new TitleGranted(text), who).ShouldBe($"{isolated} gave {isolated} the title “{isolated}”");
        Of(null, who).ShouldBe($"{isolated}: thread pinned");

        string Of(object? data, EventActor actor) =>
            Sentences.Of("thread_pinned", DescriptionOf(data), data, actor, post, text, _ => post);
    }

    private static EventDescription? DescriptionOf(object? data) =>
        DescribedEvents.All.SingleOrDefault(description => description.EventType == data?.GetType());

    private static EventPost? Find(Guid id) => id == Twelve.Id ? Twelve : null;
}
