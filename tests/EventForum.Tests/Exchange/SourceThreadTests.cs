using System.Text;
using EventForum.Exchange;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Tests.Exchange.SourceLines;

namespace EventForum.Tests.Exchange;

public sealed class SourceThreadTests
{
    private readonly SourceLines lines = new();

    [Fact]
    public void posts_are_numbered_by_their_time()
    {
        var facts = lines.Facts(Post("a", 1, "One."), Post("c", 3, "Three."), Post("b", 2, "Two."));

        facts
            .Select(fact => fact.Data)
            .OfType<ReplyPosted>()
            .Select(reply => (reply.Number, reply.Body))
            .ShouldBe([(2, "Two."), (3, "Three.")]);
        facts.Select(fact => fact.At.Minute).ShouldBe([1, 2, 3]);
        lines.Defects.ShouldHaveSingleItem().Kind.ShouldBe("time-order");
    }

    [Fact]
    public void revisions_become_edits_and_new_titles_in_the_order_of_time()
    {
        var facts = lines.Facts(
            [Post("a", 1, "Second text.", title: "New title"), Post("b", 3, "A reply.")],
            [
                Revision("a", 1, 1, "First text.", "Old title"),
                Revision("a", 2, 2, "Second text.", "Old title", "Eve", "clearer"),
                Revision("a", 3, 4, "Second text.", "New title"),
                Revision("a", 4, 5, "Second text.", "New title"),
            ]
        );

        facts
            .Select(fact => fact.Data.GetType().Name)
            .ShouldBe(["ThreadStarted", "PostEdited", "ReplyPosted", "ThreadRenamed"]);
        facts[0].Data.ShouldBeOfType<ThreadStarted>().Title.ShouldBe("Old title");
        facts[0].Data.ShouldBeOfType<ThreadStarted>().Body.ShouldBe("First text.");
        var edited = facts[1].Data.ShouldBeOfType<PostEdited>();
        (edited.Body, edited.Reason, facts[1].Author).ShouldBe(("Second text.", "clearer", "import:s#Eve"));
        facts[2].Data.ShouldBeOfType<ReplyPosted>().AnsweredVersion.ShouldBe(2);
        lines.Defects.ShouldHaveSingleItem().Kind.ShouldBe("revision-without-text");
    }

    [Theory]
    [InlineData(null, 1, null)]
    [InlineData("typo", 3, "typo (the last of 3 edits)")]
    public void an_edit_of_which_only_the_fact_is_known_is_an_edit_that_says_so(
        string? reason,
        int count,
        string? stored
    )
    {
        var facts = lines.Facts(
            Post(
                "a",
                1,
                "The text.",
                "Ann",
                new(StringComparer.Ordinal)
                {
                    ["edited_at"] = "2001-01-01T00:03:00Z",
                    ["edited_by"] = "Eve",
                    ["edit_reason"] = reason,
                    ["edit_count"] = count,
                }
            ),
            Post("b", 2, "A reply.")
        );

        var started = facts[0].Data.ShouldBeOfType<ThreadStarted>();
        (started.Body, started.Mask).ShouldBe(("", new Mask(Masking.Unknown, 0)), "nobody knows the text before");
        var edited = facts[2].Data.ShouldBeOfType<PostEdited>();
        (edited.Body, edited.Reason, facts[2].Author, facts[2].At.Minute).ShouldBe(
            ("The text.", stored, "import:s#Eve", 3)
        );
        lines.Defects.ShouldBeEmpty();
    }

    [Fact]
    public void a_line_says_whom_a_post_answers_also_one_that_is_not_there()
    {
        var facts = lines.Facts(
            Post("a", 1, "One."),
            Post("b", 2, "Two.", more: new(StringComparer.Ordinal) { ["parent"] = "a" }),
            Post("c", 3, "Three.", more: new(StringComparer.Ordinal) { ["parent"] = "lost" }),
            Post("d", 4, "Four.", more: new(StringComparer.Ordinal) { ["parent"] = "d" })
        );

        facts
            .Select(fact => PostEvents.ParentOf(fact.Data))
            .ShouldBe([null, StableId.Of("post", "s", "a"), StableId.Of("post", "s", "lost"), null]);
    }

    [Fact]
    public void an_edit_is_not_older_than_what_it_changes()
    {
        var facts = lines.Facts(
            Post("a", 5, "The text.", more: new(StringComparer.Ordinal) { ["edited_at"] = "2001-01-01T00:03:00Z" })
        );

        facts[1].At.ShouldBe(facts[0].At);
        facts[1].Author.ShouldBe("import:s", "nobody says who it was");
        lines.Defects.ShouldHaveSingleItem().Kind.ShouldBe("time-order");
    }

    [Fact]
    public void revisions_that_do_not_lead_to_the_text_are_left_out()
    {
        var facts = lines.Facts(
            [Post("a", 1, "The text.")],
            [Revision("a", 1, 1, "Another.", "Title"), Revision("a", 2, 2, "Text.", "Title")]
        );

        facts.ShouldHaveSingleItem().Data.ShouldBeOfType<ThreadStarted>().Body.ShouldBe("The text.");
        lines.Defects.ShouldHaveSingleItem().Kind.ShouldBe("revisions");
    }

    [Fact]
    public void what_is_outside_the_limits_is_changed_visibly_and_told()
    {
        var longBody = new string('x', 100_001);
        var facts = lines.Facts(Post("a", 1, " \n", title: "Hi"), Post("b", 2, longBody), Post("c", 3, "A NUL: \0"));

        var started = facts[0].Data.ShouldBeOfType<ThreadStarted>();
        (started.Title, started.Body).ShouldBe(("Hi (short title)", "(no text)"));
        facts[0].Flaws.ShouldBe(["short-title", "empty-body"]);
        var cut = facts[1].Data.ShouldBeOfType<ReplyPosted>().Body;
        cut.Length.ShouldBe(100_000);
        cut.ShouldEndWith("(cut)");
        facts[2].Data.ShouldBeOfType<ReplyPosted>().Body.ShouldBe("A NUL: \ufffd");
        lines
            .Defects.Select(defect => defect.Kind)
            .ShouldBe(["no-character", "short-title", "empty-body", "long-body"]);
        lines.Defects[3].Original.ShouldBe(longBody);
    }

    [Fact]
    public void a_post_that_comes_twice_is_stored_once()
    {
        var facts = lines.Facts(Post("a", 1, "One."), Post("a", 2, "Again."));

        facts.ShouldHaveSingleItem();
        lines.Defects.ShouldHaveSingleItem().Kind.ShouldBe("post-twice");
    }

    [Fact]
    public void ids_depend_only_on_where_a_thing_comes_from()
    {
        var id = StableId.Of("post", "a", "b");

        id.ShouldBe(StableId.Of("post", "a", "b"));
        id.ShouldNotBe(StableId.Of("post", "ab", ""));
        id.Version.ShouldBe(8);
        id.Variant.ShouldBeInRange(8, 11);
    }

    [Theory]
    [InlineData("Ann", 1, "Ann")]
    [InlineData("Ann", 3, "Ann (3)")]
    [InlineData(" ", 1, "(no name)")]
    [InlineData("A\u0007nn", 1, "A nn (import)")]
    [InlineData("\ufffe", 1, "(no name)")]
    [InlineData("A\ufffenn", 2, "A nn (import) (2)")]
    public void names_that_cannot_be_kept_get_a_suffix(string name, int attempt, string stored) =>
        SourcePeople.Candidate(name, attempt).ShouldBe(stored);

    [Fact]
    public void a_long_name_is_cut_to_what_a_name_may_be() =>
        SourcePeople.Candidate(new string('n', 61), 2).ShouldBe(new string('n', 47) + " (import) (2)");

    [Fact]
    public void an_author_of_any_length_has_a_subject_that_an_index_takes()
    {
        var author = new string('n', 100_000);

        var subject = SourcePeople.Subject("s", author);

        subject.Length.ShouldBeLessThan(500);
        SourcePeople.Subject("s", author + "m").ShouldNotBe(subject, StringComparer.Ordinal);
        SourcePeople.Subject("s", "Ann").ShouldBe("import:s#Ann");
    }

    [Fact]
    public void a_line_says_its_format_and_the_import_that_of_those_that_do_not()
    {
        var facts = lines.Facts(
            [
                Post("a", 1, "One.", more: new(StringComparer.Ordinal) { ["format"] = "bbcode" }),
                Post("b", 2, "Two."),
                Post("c", 3, "[b]Three.[/b]", more: new(StringComparer.Ordinal) { ["format"] = "text" }),
            ],
            [Revision("c", 1, 3, "Three.", "Title"), Revision("c", 2, 4, "[b]Three.[/b]", "Title")],
            PostFormat.Mail
        );

        facts
            .Select(fact =>
                fact.Data switch
                {
                    ThreadStarted started => started.Format,
                    ReplyPosted reply => reply.Format,
                    PostEdited edited => edited.Format,
                    _ => default,
                }
            )
            .ShouldBe([PostFormat.BbCode, PostFormat.Mail, PostFormat.Text, PostFormat.Text]);
        facts[3].Data.ShouldBeOfType<PostEdited>().Body.ShouldBe("[b]Three.[/b]");
    }

    [Fact]
    public void a_line_with_another_format_is_unreadable()
    {
        var line = Post("a", 1, "One.").Raw.Replace("{", "{\"format\":\"wiki\",", StringComparison.Ordinal);

        SourceLine.Read("f", 1, Encoding.UTF8.GetBytes(line), out var flaw).ShouldBeNull();
        flaw.ShouldBe("wiki is no format: it is markdown, bbcode, mail or text.");
    }
}
