using System.Text.Json;
using EventForum.Exchange;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Exchange;

public sealed class SourceThreadTests
{
    private static readonly Guid Board = Guid.Parse("00000000-0000-8000-8000-000000000001");

    private readonly List<(string Kind, string? Original, string? Stored)> defects = [];

    [Fact]
    public void posts_are_numbered_by_their_time()
    {
        var facts = Facts(Post("a", 1, "One."), Post("c", 3, "Three."), Post("b", 2, "Two."));

        facts
            .Select(fact => fact.Data)
            .OfType<ReplyPosted>()
            .Select(reply => (reply.Number, reply.Body))
            .ShouldBe([(2, "Two."), (3, "Three.")]);
        facts.Select(fact => fact.At.Minute).ShouldBe([1, 2, 3]);
        defects.ShouldHaveSingleItem().Kind.ShouldBe("time-order");
    }

    [Theory]
    [InlineData("[quote=\"Ann\"]the second is mine[/quote]", "by name")]
    [InlineData("[quote=\"x, post:1\"]the second is mine[/quote]", "by number")]
    [InlineData("[quote]the second is mine[/quote]", "by what the source says")]
    public void a_quote_of_an_earlier_post_becomes_a_reference(string block, string how)
    {
        var quotes = how == "by what the source says" ? new[] { new { author = (string?)null, post = "a" } } : null;
        var facts = Facts(
            Post("a", 1, "The first is yours, the second is mine.", "Ann"),
            Post("b", 2, block + "\n\nNo.", "Bob", new(StringComparer.Ordinal) { ["quotes"] = quotes })
        );

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe("No.");
        var quote = reply.Quotes.ShouldHaveSingleItem();
        quote.PostId.ShouldBe(((ThreadStarted)facts[0].Data).PostId);
        "The first is yours, the second is mine.".Substring(quote.Start, quote.Length).ShouldBe("the second is mine");
    }

    [Theory]
    [InlineData("[quote=\"Ann\"]never said[/quote]\n\nNo.")]
    [InlineData("[quote=\"Carl\"]the second is mine[/quote]\n\nNo.")]
    [InlineData("> the third is mine, too\n\nNo.")]
    public void what_nobody_said_before_stays_text(string body)
    {
        var facts = Facts(Post("a", 1, "The second is mine.", "Ann"), Post("b", 2, body, "Bob"));

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe(body);
        reply.Quotes.ShouldBeEmpty();
        defects.ShouldBeEmpty();
    }

    [Fact]
    public void revisions_become_edits_and_new_titles_in_the_order_of_time()
    {
        var facts = Facts(
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
        defects.ShouldHaveSingleItem().Kind.ShouldBe("revision-without-text");
    }

    [Fact]
    public void a_quote_of_an_older_text_refers_to_that_revision()
    {
        var facts = Facts(
            [Post("a", 1, "Second text.", "Ann"), Post("b", 3, "[quote=\"Ann\"]First text.[/quote]\n\nNo.")],
            [Revision("a", 1, 1, "First text.", "Title"), Revision("a", 2, 2, "Second text.", "Title")]
        );

        facts[2].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldHaveSingleItem().Revision.ShouldBe(1);
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
        var facts = Facts(
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
        defects.ShouldBeEmpty();
    }

    [Fact]
    public void who_quotes_a_post_whose_first_text_is_not_known_quotes_the_known_one()
    {
        var facts = Facts(
            Post(
                "a",
                1,
                "The text as it is.",
                "Ann",
                new(StringComparer.Ordinal) { ["edited_at"] = "2001-01-01T00:05:00Z" }
            ),
            Post("b", 2, "[quote=\"Ann\"]text as[/quote]\n\nBefore.", "Ben"),
            Post("c", 9, "[quote=\"Ann\"]text as[/quote]\n\nAfter.", "Ben")
        );

        facts
            .Select(fact => fact.Data)
            .OfType<ReplyPosted>()
            .ShouldAllBe(reply =>
                reply.Quotes.Single() == new Quote(0, ((ThreadStarted)facts[0].Data).PostId, 2, 4, 7)
            );
    }

    [Fact]
    public void a_line_says_whom_a_post_answers_also_one_that_is_not_there()
    {
        var facts = Facts(
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
    public void what_a_quote_quoted_itself_is_told_where_the_quoted_post_has_it_not()
    {
        const string Nested = "[quote=\"Ben\"][quote=\"Ann\"]One two three.[/quote]Indeed so.[/quote]";
        var facts = Facts(
            Post("a", 1, "One two three.", "Ann"),
            Post("b", 2, "[quote=\"Ann\"]One two three.[/quote]\n\nIndeed so.", "Ben"),
            Post("c", 3, $"{Nested}\n\nYes.", "Carl")
        );

        facts[2].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldHaveSingleItem();
        defects.ShouldBeEmpty("Ben's post has what he quoted");
        Facts(Post("a", 1, "One two three.", "Ann"), Post("b", 2, "Indeed so.", "Ben"), Post("c", 3, Nested, "Carl"));
        defects.ShouldHaveSingleItem().ShouldBe(("nested-quote", Nested, null));
    }

    [Fact]
    public void an_edit_is_not_older_than_what_it_changes()
    {
        var facts = Facts(
            Post("a", 5, "The text.", more: new(StringComparer.Ordinal) { ["edited_at"] = "2001-01-01T00:03:00Z" })
        );

        facts[1].At.ShouldBe(facts[0].At);
        facts[1].Author.ShouldBe("import:s", "nobody says who it was");
        defects.ShouldHaveSingleItem().Kind.ShouldBe("time-order");
    }

    [Fact]
    public void quoted_lines_of_mail_become_references_to_who_said_them()
    {
        var facts = Facts(
            Post("a", 1, "The moon is made of cheese, I believe.\n\nAnother thing is that it is round.", "Ann"),
            Post("b", 2, "Ann writes:\n> The moon is made of cheese, I believe.\nWho told you so?", "Bob"),
            Post(
                "c",
                3,
                "Bob writes:\n>> The moon is made of\n>> cheese, I believe.\n> Who told you so, and when?\nNobody.\n\n> Who told you so?\n> (no answer to that one)",
                "Carl",
                new(StringComparer.Ordinal) { ["parent"] = "b" }
            )
        );

        var first = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        first.Body.ShouldBe("Ann writes:\n\nWho told you so?");
        first.Quotes.ShouldHaveSingleItem().PostId.ShouldBe(((ThreadStarted)facts[0].Data).PostId);
        var second = facts[2].Data.ShouldBeOfType<ReplyPosted>();
        second.Quotes.ShouldHaveSingleItem().PostId.ShouldBe(((ThreadStarted)facts[0].Data).PostId);
        second.Body.ShouldBe(
            "Bob writes:\n\n> Who told you so, and when?\n\nNobody.\n\n> Who told you so?\n> (no answer to that one)"
        );
    }

    [Fact]
    public void quoted_lines_in_code_stay_code()
    {
        const string Code = "```\n> The moon is made of cheese, I believe.\n```\n\nSo.";
        var facts = Facts(Post("a", 1, "The moon is made of cheese, I believe."), Post("b", 2, Code));

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Body.ShouldBe(Code);
    }

    [Fact]
    public void revisions_that_do_not_lead_to_the_text_are_left_out()
    {
        var facts = Facts(
            [Post("a", 1, "The text.")],
            [Revision("a", 1, 1, "Another.", "Title"), Revision("a", 2, 2, "Text.", "Title")]
        );

        facts.ShouldHaveSingleItem().Data.ShouldBeOfType<ThreadStarted>().Body.ShouldBe("The text.");
        defects.ShouldHaveSingleItem().Kind.ShouldBe("revisions");
    }

    [Fact]
    public void what_is_outside_the_limits_is_changed_visibly_and_told()
    {
        var longBody = new string('x', 100_001);
        var facts = Facts(Post("a", 1, " \n", title: "Hi"), Post("b", 2, longBody), Post("c", 3, "A NUL: \0"));

        var started = facts[0].Data.ShouldBeOfType<ThreadStarted>();
        (started.Title, started.Body).ShouldBe(("Hi (short title)", "(no text)"));
        facts[0].Flaws.ShouldBe(["short-title", "empty-body"]);
        var cut = facts[1].Data.ShouldBeOfType<ReplyPosted>().Body;
        cut.Length.ShouldBe(100_000);
        cut.ShouldEndWith("(cut)");
        facts[2].Data.ShouldBeOfType<ReplyPosted>().Body.ShouldBe("A NUL: \ufffd");
        defects.Select(defect => defect.Kind).ShouldBe(["no-character", "short-title", "empty-body", "long-body"]);
        defects[3].Original.ShouldBe(longBody);
    }

    [Fact]
    public void a_post_that_comes_twice_is_stored_once()
    {
        var facts = Facts(Post("a", 1, "One."), Post("a", 2, "Again."));

        facts.ShouldHaveSingleItem();
        defects.ShouldHaveSingleItem().Kind.ShouldBe("post-twice");
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
        var facts = Facts(
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

        SourceLine.Read("f", 1, line, out var flaw).ShouldBeNull();
        flaw.ShouldBe("wiki is no format: it is markdown, bbcode, mail or text.");
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("| ")]
    [InlineData("AL> ")]
    public void quoted_lines_of_a_mail_become_references_and_all_else_stays(string mark)
    {
        var facts = Facts(
            [
                Post("a", 1, "The herons came back to the weir today.\n\nThere were two of them.\n\n-- \nAnn", "Ann"),
                Post(
                    "b",
                    2,
                    $"Ann writes:\n\n{mark}The herons came back\n{mark}to the weir today.\n{mark.TrimEnd()}\n{mark}There were two of them.\n\n*Three*, I think.\n-- \nBob",
                    "Bob"
                ),
            ],
            [],
            PostFormat.Mail
        );

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe("Ann writes:\n\n*Three*, I think.\n-- \nBob");
        var quote = reply.Quotes.ShouldHaveSingleItem();
        (quote.At, quote.Start).ShouldBe((13, 0));
        OwnWords
            .Of(facts[0].Data.ShouldBeOfType<ThreadStarted>().Body, PostFormat.Mail)
            .Text(quote.Start, quote.Length)
            .ShouldBe("The herons came back to the weir today.\n\nThere were two of them.");
    }

    [Fact]
    public void paragraphs_of_one_post_that_do_not_follow_each_other_there_are_quotes_of_their_own()
    {
        var facts = Facts(
            [
                Post(
                    "a",
                    1,
                    "The herons came back to the weir today.\n\nIt rained.\n\nThere were two of them, I think.",
                    "Ann"
                ),
                Post(
                    "b",
                    2,
                    "> The herons came back to the weir today.\n>\n> There were two of them, I think.\n\nThree.",
                    "Bob"
                ),
            ],
            [],
            PostFormat.Mail
        );

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Quotes.Select(quote => quote.Start).ShouldBe([0, 53]);
    }

    private List<SourceFact> Facts(params SourceLine[] posts) => Facts(posts, []);

    private List<SourceFact> Facts(
        SourceLine[] posts,
        SourceLine[] revisions,
        PostFormat usual = PostFormat.Markdown
    ) =>
        [
            .. SourceThread
                .Of(
                    posts,
                    Board,
                    usual,
                    post => [.. revisions.Where(revision => revision.Post == post)],
                    (_, kind, _, original, stored) => defects.Add((kind, original, stored))
                )
                .Facts,
        ];

    private static SourceLine Post(
        string id,
        int minute,
        string body,
        string author = "Somebody",
        Dictionary<string, object?>? more = null,
        string title = "Title"
    ) =>
        Line(
            new(more ?? [], StringComparer.Ordinal)
            {
                ["source"] = "s",
                ["thread"] = "t",
                ["thread_title"] = title,
                ["post"] = id,
                ["author"] = author,
                ["posted_at"] = $"2001-01-01T00:{minute:00}:00Z",
                ["body"] = body,
            }
        );

    private static SourceLine Revision(
        string post,
        int number,
        int minute,
        string text,
        string title,
        string author = "Somebody",
        string comment = ""
    ) =>
        Line(
            new(StringComparer.Ordinal)
            {
                ["source"] = "s",
                ["thread"] = "t",
                ["post"] = post,
                ["revision"] = number,
                ["author"] = author,
                ["at"] = $"2001-01-01T00:{minute:00}:00Z",
                ["comment"] = comment,
                ["text"] = text,
                ["title"] = title,
            }
        );

    private static SourceLine Line(Dictionary<string, object?> fields) =>
        SourceLine.Read("file", 1, JsonSerializer.Serialize(fields), out _).ShouldNotBeNull();
}
