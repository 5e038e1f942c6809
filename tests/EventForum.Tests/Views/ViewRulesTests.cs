using EventForum.Tests.Threads;
using EventForum.Threads;
using EventForum.Views;

namespace EventForum.Tests.Views;

/// <summary>How the views that ship fold a thread's events.</summary>
public sealed class ViewRulesTests
{
    private readonly ViewStory story = new();

    [Fact]
    public void a_day_counts_threads_posts_edits_and_removals()
    {
        var first = story.Start("Avocets");
        story.Reply();
        story.Edit(first, "Better.");
        story.Wait(TimeSpan.FromDays(1));
        story.Happen(new PostRemoved(first, null), Person.Ann);

        story
            .RowsOf(new Activity())
            .ShouldBe([
                new Activity.Day(ViewStory.Board, new DateOnly(1970, 1, 1), Threads: 1, Posts: 2, Edits: 1),
                new Activity.Day(ViewStory.Board, new DateOnly(1970, 1, 2), Removals: 1),
            ]);
    }

    [Fact]
    public void the_first_reply_is_the_first_by_somebody_else()
    {
        story.Start("Avocets");
        var start = story.Now;
        story.Reply(Person.Ann);
        story.Reply(Person.Ben);
        var replied = story.Now;
        story.Reply(Person.Mod);

        var wait = story.RowsOf(new FirstReplies()).ShouldHaveSingleItem();

        (wait.StartedAt, wait.RepliedAt).ShouldBe((start, replied));
    }

    [Fact]
    public void an_edit_says_anew_what_a_post_quotes()
    {
        var first = story.Start("Avocets");
        var second = story.Reply();
        var quoting = story.Reply(Person.Ben, first, second);
        story.Edit(quoting, "Only one.", Person.Ben, second);
        story.RowsOf(new MostQuoted()).ShouldHaveSingleItem().Sources.ShouldBe([new MostQuoted.Source(second, 1)]);

        story.Edit(quoting, "None.", Person.Ben);

        story.RowsOf(new MostQuoted()).ShouldBeEmpty();
    }

    [Fact]
    public void edits_are_counted_by_who_made_them_and_how_much_they_changed()
    {
        var first = story.Start("Avocets", body: "12345");
        story.Edit(first, "1234567890");
        story.Edit(first, "12", Person.Mod);
        story.Edit(first, "123", Person.Mod);

        var row = story.RowsOf(new EditChurn()).ShouldHaveSingleItem();

        (row.Edits, row.Length, row.Characters, row.LateSeconds).ShouldBe((3, 3, 5 + 8 + 1, 180));
        row.Editors.ShouldBe([new EditChurn.Editor(Person.Ann.Id, 1), new EditChurn.Editor(Person.Mod.Id, 2)]);
    }

    [Fact]
    public void a_member_is_quoted_once_a_post_and_not_by_itself()
    {
        var first = story.Start("Avocets");
        story.Reply(Person.Ben, first, first);
        story.Reply(Person.Ann, first);

        var rows = story.RowsOf(new MembersByPeriod());

        rows.Select(row => (row.MemberId, row.Threads, row.Posts, row.Quoted))
            .ShouldBe([(Person.Ann.Id, 1, 2, 1), (Person.Ben.Id, 0, 1, 0)]);
        // The story's events are a minute apart.
        rows[0].PostsAt.ShouldBe([60_000_000, 180_000_000]);
        rows[0].QuotedAt.ShouldBe([120_000_000]);
    }

    [Fact]
    public void what_authors_do_to_their_own_posts_is_no_moderation_and_what_was_undone_says_by_whom()
    {
        var first = story.Start("Avocets");
        story.Edit(first, "Better.");
        story.Happen(new PostRemoved(first, null), Person.Ann);
        story.Happen(new PostRestored(first, null), Person.Ann);
        story.RowsOf(new ModeratorsWork()).ShouldBeEmpty();

        story.Happen(new PostRemoved(first, "Rude."), Person.Mod);
        story.Happen(new PostRestored(first, "Needed."), Person.Ben);
        story.Happen(new ThreadLocked("Settled."), Person.Mod);

        var rows = story.RowsOf(new ModeratorsWork());

        rows.Count.ShouldBe(2);
        rows.SelectMany(row => row.Acts!)
            .Select(act => (act.MemberId, act.Kind, act.UndoneBy))
            .ShouldBe([
                (Person.Mod.Id, "removal", Person.Ben.Id),
                (Person.Ben.Id, "restoration", null),
                (Person.Mod.Id, "lock", null),
            ]);
    }
}
