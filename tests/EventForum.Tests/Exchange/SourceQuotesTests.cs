using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Tests.Exchange.SourceLines;

namespace EventForum.Tests.Exchange;

public sealed class SourceQuotesTests
{
    private readonly SourceLines lines = new();

    [Theory]
    [InlineData("[quote=\"Ann\"]the second is mine[/quote]", "by name")]
    [InlineData("[quote=\"x, post:1\"]the second is mine[/quote]", "by number")]
    [InlineData("[quote]the second is mine[/quote]", "by what the source says")]
    public void a_quote_of_an_earlier_post_becomes_a_reference(string block, string how)
    {
        var quotes = how == "by what the source says" ? new[] { new { author = (string?)null, post = "a" } } : null;
        var facts = lines.Facts(
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
        var facts = lines.Facts(Post("a", 1, "The second is mine.", "Ann"), Post("b", 2, body, "Bob"));

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe(body);
        reply.Quotes.ShouldBeEmpty();
        lines.Defects.ShouldBeEmpty();
    }

    [Fact]
    public void a_quote_of_an_older_text_refers_to_that_revision()
    {
        var facts = lines.Facts(
            [Post("a", 1, "Second text.", "Ann"), Post("b", 3, "[quote=\"Ann\"]First text.[/quote]\n\nNo.")],
            [Revision("a", 1, 1, "First text.", "Title"), Revision("a", 2, 2, "Second text.", "Title")]
        );

        facts[2].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldHaveSingleItem().Revision.ShouldBe(1);
    }

    [Fact]
    public void who_quotes_a_post_whose_first_text_is_not_known_quotes_the_known_one()
    {
        var facts = lines.Facts(
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
    public void what_a_quote_quoted_itself_is_told_where_the_quoted_post_has_it_not()
    {
        const string Nested = "[quote=\"Ben\"][quote=\"Ann\"]One two three.[/quote]Indeed so.[/quote]";
        var facts = lines.Facts(
            Post("a", 1, "One two three.", "Ann"),
            Post("b", 2, "[quote=\"Ann\"]One two three.[/quote]\n\nIndeed so.", "Ben"),
            Post("c", 3, $"{Nested}\n\nYes.", "Carl")
        );

        facts[2].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldHaveSingleItem();
        lines.Defects.ShouldBeEmpty("Ben's post has what he quoted");
        lines.Facts(
            Post("a", 1, "One two three.", "Ann"),
            Post("b", 2, "Indeed so.", "Ben"),
            Post("c", 3, Nested, "Carl")
        );
        lines.Defects.ShouldHaveSingleItem().ShouldBe(("nested-quote", Nested, null));
    }

    [Fact]
    public void quoted_lines_of_mail_become_references_to_who_said_them()
    {
        var facts = lines.Facts(
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
        var facts = lines.Facts(Post("a", 1, "The moon is made of cheese, I believe."), Post("b", 2, Code));

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Body.ShouldBe(Code);
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("| ")]
    [InlineData("AL> ")]
    public void quoted_lines_of_a_mail_become_references_and_all_else_stays(string mark)
    {
        var facts = lines.Facts(
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
        var facts = lines.Facts(
            [
                Post(
                    "a",
                    1,
                    "The herons came back to the weir today.\n\nIt rained.\n\nThere were two of them, I think, or three.",
                    "Ann"
                ),
                Post(
                    "b",
                    2,
                    "> The herons came back to the weir today.\n>\n> There were two of them, I think, or three.\n\nThree.",
                    "Bob"
                ),
            ],
            [],
            PostFormat.Mail
        );

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Quotes.Select(quote => quote.Start).ShouldBe([0, 53]);
    }

    [Theory]
    [InlineData(
        "[quote=\"Ann, post:1\"]\nIt isn’t “the” heron… or is it?\n[/quote]",
        "It isn't \"the\" heron... or *is* it?"
    )]
    [InlineData("[quote=\"Ann\"]It isn't [b]the heron[/b] of the weir[/quote]", "It isn't the\nheron of the weir")]
    [InlineData("[quote=\"Ann\"]...the heron of the weir[/quote]", "It isn't the heron of the weir.")]
    [InlineData(
        "[quote=\"Anne of the weir\"]It isn't the heron of the lower weir.[/quote]",
        "It isn't the heron of the lower weir."
    )]
    [InlineData("> It isn’t the heron – of the lower weir.", "It isn't the heron - of the lower weir.")]
    public void words_that_another_program_copied_are_found(string quoted, string said)
    {
        var facts = lines.Facts(Post("a", 1, said, "Ann"), Post("b", 2, quoted + "\n\nNo.", "Bob"));

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe("No.");
        reply.Quotes.ShouldHaveSingleItem().PostId.ShouldBe(((ThreadStarted)facts[0].Data).PostId);
    }

    [Theory]
    [InlineData(
        "[quote=\"Ann\"]The herons came back. [...] There were two of them.[/quote]\n\nThree.",
        PostFormat.Markdown
    )]
    [InlineData("> The herons came back.\n> [...]\n> There were two of them.\n\nThree.", PostFormat.Mail)]
    public void a_quote_that_leaves_something_out_becomes_two(string quoting, PostFormat format)
    {
        const string Said = "The herons came back. It rained. There were two of them.";
        var facts = lines.Facts([Post("a", 1, Said, "Ann"), Post("b", 2, quoting, "Bob")], [], format);

        var reply = facts[1].Data.ShouldBeOfType<ReplyPosted>();
        reply.Body.ShouldBe("Three.");
        reply
            .Quotes.Select(quote => Said.Substring(quote.Start, quote.Length))
            .ShouldBe(["The herons came back.", "There were two of them."]);
        reply.Quotes.ShouldAllBe(quote => quote.At == 0);
    }

    [Fact]
    public void what_a_post_quoted_by_setting_it_in_is_not_its_authors()
    {
        const string Quoting =
            "In article <1@a.example> Carl writes:\n\n   The herons came back to the weir,\n   and there are two of them.\n\nNo.";
        var facts = lines.Facts(
            [
                Post("a", 1, Quoting, "Ann"),
                Post("b", 2, "> The herons came back to the weir,\n> and there are two of them.\n\nYes.", "Bob"),
            ],
            [],
            PostFormat.Mail
        );

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("> the most common of all\n\nHm.")]
    [InlineData("> In article <1@a.example> ann@a.example (Ann Lee) writes:\n\nHm.")]
    [InlineData(">      ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n\nHm.")]
    public void what_many_posts_may_say_is_nobodys(string quoting)
    {
        const string Said =
            "So it is the most common of all, and see what\nIn article <1@a.example> ann@a.example (Ann Lee) writes: is\n     ^^^^^^^^^^^^^^^^^^^^^^^^^^^";
        var facts = lines.Facts([Post("a", 1, Said, "Ann"), Post("b", 2, quoting, "Bob")], [], PostFormat.Mail);

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldBeEmpty();
    }

    [Fact]
    public void a_quote_that_ends_with_a_rule_of_its_author_is_found()
    {
        const string Said = "The herons came back to the weir.\n\n~~~~~~~~~~~~~~~~~\nAnn of the herons";
        var facts = lines.Facts(
            [
                Post("a", 1, Said, "Ann"),
                Post(
                    "b",
                    2,
                    "> The herons came back to the weir.\n>\n> ~~~~~~~~~~~~~~~~~\n> Ann of the herons\n\nYes.",
                    "Bob"
                ),
            ],
            [],
            PostFormat.Mail
        );

        facts[1].Data.ShouldBeOfType<ReplyPosted>().Quotes.ShouldHaveSingleItem().Length.ShouldBe(Said.Length);
    }
}
