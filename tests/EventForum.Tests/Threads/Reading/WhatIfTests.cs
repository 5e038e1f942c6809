using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;
using JasperFx.Events;

namespace EventForum.Tests.Threads.Reading;

public sealed class WhatIfTests
{
    private static readonly Guid First = ThreadStory.First;
    private static readonly Guid Second = Guid.CreateVersion7();
    private static readonly Guid Third = Guid.CreateVersion7();

    /// <summary>Ann starts, Ben replies, Ann edits, Ben quotes the edited text, a moderator removes Ben's reply and locks.</summary>
    private static readonly IReadOnlyList<IEvent> Story =
    [
        .. new (Person Who, object Event)[]
        {
            Person.Ann.Did(new ThreadStarted(Guid.Empty, "A title", First, "The first text.", [])),
            Person.Ben.Did(new ReplyPosted(Second, 2, "I see.", [], 1)),
            Person.Ann.Did(new PostEdited(First, "The second text.", [], null)),
            Person.Ben.Did(new ReplyPosted(Third, 3, "Really?", [new Quote(0, First, 2, 0, 16)], 3)),
            Person.Mod.Did(new PostRemoved(Second, "Off topic.")),
            Person.Mod.Did(new ThreadRenamed("Another title", "Clearer.")),
            Person.Mod.Did(new ThreadLocked("Enough.")),
        }.Select((fact, i) => ThreadStory.Told(fact.Event, fact.Who.Id, i + 1)),
    ];

    [Fact]
    public void nothing_left_out_is_the_thread_as_it_was()
    {
        var told = Tell();

        told.Posts.Select(post => (post.Number, post.Revision, post.Body, post.RemovedAt is not null))
            .ShouldBe([(1, 2, "The second text.", false), (2, 1, "I see.", true), (3, 1, "Really?", false)]);
        (told.Thread.Title, told.Thread.LockReason).ShouldBe(("Another title", "Enough."));
        (told.LeftOutEvents, told.LeftOutPosts).ShouldBe((0, 0));
        told.Posts.ShouldNotContain(post => told.IsOrphan(post));
    }

    [Fact]
    public void a_post_goes_with_all_that_happened_to_it()
    {
        var told = Tell($"post:{Second}");

        told.Posts.Select(post => post.Number).ShouldBe([1, 3]);
        (told.LeftOutEvents, told.LeftOutPosts).ShouldBe((2, 1));
        told.IsOrphan(told.Posts[1]).ShouldBeFalse("it only stands behind it");
    }

    [Fact]
    public void who_answers_what_is_left_out_is_an_orphan_and_nobody_else()
    {
        var (fourth, fifth) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var told = Tell(
            LeftOut.Parse([$"post:{Second}"])!,
            new ReplyPosted(fourth, 4, "So do I.", [], 7, ParentId: Second),
            new ReplyPosted(fifth, 5, "Why?", [], 8, ParentId: fourth)
        );

        told.Posts.Where(told.IsOrphan).Select(post => post.Number).ShouldBe([4]);
    }

    [Fact]
    public void an_event_that_posted_takes_what_happened_to_the_post_along() =>
        Tell("event:2").LeftOutEvents.ShouldBe(2);

    [Fact]
    public void without_an_edit_the_text_before_it_stands_and_quotes_of_the_new_text_are_orphans()
    {
        var told = Tell("event:3");

        told.Posts[0].Body.ShouldBe("The first text.");
        told.Posts[0].EditedAt.ShouldBeNull();
        told.IsOrphan(told.Posts[2].Quotes[0]).ShouldBeTrue();
        told.Stand(Source(2)).IsLeftOut.ShouldBeTrue();
        told.Stand(Source(1)).ShouldBe(Source(1) with { RevisionThen = 1 });
    }

    [Fact]
    public void without_a_moderator_nothing_was_removed_renamed_or_locked()
    {
        var told = Tell(Person.Mod);

        told.Posts.ShouldAllBe(post => post.RemovedAt == null);
        (told.Thread.Title, told.Thread.LockReason).ShouldBe(("A title", null));
        told.LeftOutEvents.ShouldBe(3);
    }

    [Fact]
    public void without_its_starter_a_thread_is_told_in_its_frame()
    {
        var told = Tell(Person.Ann);

        told.Thread.Title.ShouldBe("Another title");
        told.Posts.Select(post => (post.Number, told.IsOrphan(post))).ShouldBe([(2, false), (3, true)]);
        told.LeftOutEvents.ShouldBe(2);
    }

    [Theory]
    [InlineData("member:")]
    [InlineData("event:x")]
    [InlineData("event:-1")]
    [InlineData("post:7")]
    [InlineData("")]
    [InlineData("thread:1")]
    public void what_is_neither_member_event_nor_post_cannot_be_left_out(string term) =>
        LeftOut.Parse([term]).ShouldBeNull();

    [Fact]
    public void a_name_may_hold_what_separates() =>
        LeftOut.Parse(["member:a:b"]).ShouldNotBeNull().MemberNames.ShouldBe(["a:b"]);

    private static ThreadWithout Tell(params string[] terms) => Tell(LeftOut.Parse(terms)!);

    private static ThreadWithout Tell(Person without) =>
        Tell(LeftOut.Parse([])! with { MemberIds = new HashSet<Guid> { without.Id } });

    private static ThreadWithout Tell(LeftOut leftOut, params object[] more)
    {
        var told = new ThreadWithout(leftOut);
        var later = more.Select((data, i) => ThreadStory.Told(data, Person.Ann.Id, Story.Count + i + 1));
        foreach (var e in Story.Concat(later))
        {
            told.Add(e);
        }

        return told;
    }

    private static SourceRow Source(int revision) =>
        new(First, revision, ThreadStory.Id, 1, Person.Ann.Id, 2, false, false, 1);
}
