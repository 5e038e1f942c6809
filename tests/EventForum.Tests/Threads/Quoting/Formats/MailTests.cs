using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting.Formats;

public sealed class MailTests
{
    private const string Long = "The bridge at the lower mill has been closed again since";
    private const string Longer = "the flood of last week, and nobody knows for how long";

    [Theory]
    [InlineData("# no heading\n\nText\n----\nmore")]
    [InlineData("*not* _eaten_ \\here\\ `nor` ~~there~~")]
    [InlineData("- one\n- two\n\n1. first\n2. second")]
    [InlineData("```\nno fence\n```")]
    [InlineData("<b>no tag</b> &amp; no entity")]
    public void What_markdown_would_do_does_not_happen(string mail)
    {
        var html = Html(mail);

        foreach (var tag in (string[])["<h", "<em", "<strong", "<ul", "<ol", "<code", "<del", "<hr", "<b>"])
            html.ShouldNotContain(tag);
        PostPlainText.Render(mail, PostFormat.Mail, [], _ => throw new InvalidOperationException()).ShouldBe(mail);
    }

    [Theory]
    [InlineData("In article <1@a.example> Ann writes:\n\n  one two\n  three\n\nNo.", "one two\nthree")]
    [InlineData(
        "In article <1@a.example> Ann writes:\n\tone two\n\t  three\n\n\tfour\n\nNo.",
        "one two\n  three\n\nfour"
    )]
    [InlineData("In article <1@a.example> Ann writes:\n\n   I think so.\nAnd so on.", null)]
    [InlineData("In article <1@a.example> Ann writes:\n\n   I think so.\n\nAnd so on.", null)]
    [InlineData("This is it:\n\n  one two\n  three\n\nNo.", null)]
    [InlineData("Ann writes:\n# one\n# two\n\nNo.\n\n# three\n# four", "one\ntwo\nthree\nfour")]
    [InlineData("Ann writes:\n}one\n}> zero\n\nNo.", "one\nzero")]
    [InlineData("This is it:\n# one\n# two\n\nNo.", null)]
    [InlineData("Ann writes:\n=======\n=======\n\nNo.", null)]
    [InlineData("Ann writes:\n:one\n:two\n\nNo.", "one\ntwo")]
    public void What_is_set_in_or_marked_below_who_wrote_it_is_quoted(string mail, string? quoted) =>
        string.Join('\n', MailLines.Of(mail).Where(line => line.Depth > 0).Select(line => line.Words))
            .ShouldBe(quoted ?? "");

    [Fact]
    public void A_mark_of_the_mails_own_is_one_behind_a_reference_too()
    {
        const string Mail = "Ann writes:\n} one\n} two\n\nNo.\n\n} three\n} > four\n\n} alone";
        var at = Mail.IndexOf("No.", StringComparison.Ordinal);

        var html = RenderedText.OfPost(Mail, PostFormat.Mail, [new Quote(at, Guid.CreateVersion7(), 1, 0, 5)]).Html;

        html[1].ShouldContain("<blockquote>\n<p>three</p>\n<blockquote>\n<p>four</p>");
        html[1].ShouldContain("<p>} alone</p>");
    }

    [Fact]
    public void Prose_loses_the_margin_of_its_author_and_keeps_short_lines()
    {
        Plain($"{Long}\n{Longer}\nit will be.\n\nYours,\nAnn").ShouldBe($"{Long} {Longer} it will be.\n\nYours,\nAnn");
        Html($"{Long}\n{Longer}\nit will be.").ShouldBe($"<p>{Long} {Longer} it will be.</p>\n");
        Html("Yours,\nAnn").ShouldBe("<p>Yours,<br>Ann</p>\n");
    }

    [Theory]
    [InlineData("The herons\n----------\nmore")]
    [InlineData("It is true.   :-)   I think.\nYes.")]
    public void Underlines_and_gaps_alone_make_no_columns(string mail)
    {
        Html(mail).ShouldNotContain("<pre>");
        Plain(mail).ShouldBe(mail);
    }

    [Fact]
    public void Flowed_text_is_joined_where_its_lines_end_with_a_blank()
    {
        var mail = $"{Long} \n{Longer} \nit will be.\nA line by itself that is as long as all of the others are\nhere.";

        Plain(mail)
            .ShouldBe($"{Long} {Longer} it will be.\nA line by itself that is as long as all of the others are\nhere.");
    }

    [Theory]
    [InlineData("Name        Age\nAnn         41\nBen         39")]
    [InlineData("int main() {\n    return 0;\n}")]
    [InlineData("    The heron stands\n    by the weir,\n    and waits.")]
    [InlineData("  /\\_/\\\n ( o.o )\n  > ^ <")]
    [InlineData("Steps:\n    one\n    two")]
    [InlineData(
        "---\nAnn Lee, Keeper of the herons at the weir |a line of her own\nhead office, lower mill, second floor left |that goes on"
    )]
    public void Columns_code_verse_and_drawings_keep_their_lines(string block)
    {
        Html($"Text.\n\n{block}").ShouldContain("<pre>");
        Plain($"Text.\n\n{block}").ShouldBe($"Text.\n\n{block}");
    }

    [Theory]
    [InlineData("> one\n> two", "<blockquote>\n<p>one<br>two</p>\n</blockquote>\n")]
    [InlineData("> one\n\n> two", "<blockquote>\n<p>one</p>\n<p>two</p>\n</blockquote>\n")]
    [InlineData("> one\n>\n> two", "<blockquote>\n<p>one</p>\n<p>two</p>\n</blockquote>\n")]
    [InlineData("> one\nno", "<blockquote>\n<p>one</p>\n</blockquote>\n<p>no</p>\n")]
    [InlineData(
        ">> one\n> two\n> > one",
        "<blockquote>\n<blockquote>\n<p>one</p>\n</blockquote>\n<p>two</p>\n<blockquote>\n<p>one</p>\n</blockquote>\n</blockquote>\n"
    )]
    [InlineData("| one\n| two", "<blockquote>\n<p>one<br>two</p>\n</blockquote>\n")]
    [InlineData(": one\n: two", "<blockquote>\n<p>one<br>two</p>\n</blockquote>\n")]
    [InlineData(
        "JN> one\nJN> two",
        "<blockquote>\n<p class=\"attribution\">JN</p>\n<p>one<br>two</p>\n</blockquote>\n"
    )]
    [InlineData("text\n>\n>\n\nmore", "<p>text</p>\n<p>more</p>\n")]
    public void Quoted_lines_are_nested_as_deep_as_their_marks(string mail, string html) => Html(mail).ShouldBe(html);

    [Theory]
    [InlineData("| a | b |\n| c | d |")]
    [InlineData("| one alone")]
    [InlineData(":-) or :)")]
    [InlineData("C> dir")]
    public void Other_marks_at_the_left_are_no_quotes(string mail) => Html(mail).ShouldNotContain("<blockquote");

    [Theory]
    [InlineData("Ann wrote:\n> one", "Ann wrote:")]
    [InlineData(
        "In article <1@a.example> ann (Ann Lee)\nwrites:\n\n> one",
        "In article &lt;1@a.example&gt; ann (Ann Lee) writes:"
    )]
    [InlineData("On Monday, 5 May, Ann wrote:\n>one", "On Monday, 5 May, Ann wrote:")]
    [InlineData("In article <1@a.example>, Ann writes:", "In article &lt;1@a.example&gt;, Ann writes:")]
    public void Who_wrote_what_is_quoted_is_set_apart(string mail, string said)
    {
        Html(mail).ShouldContain($"<p class=\"attribution\">{said}</p>");
        Own(mail).ShouldBe("");
    }

    [Fact]
    public void A_paragraph_that_ends_in_what_somebody_says_is_its_authors()
    {
        var mail = "It was a long day.\nAnd it was late when\nthe keeper came and said:\n> one";

        Own(mail).ShouldBe("It was a long day.\nAnd it was late when\nthe keeper came and said:");
    }

    [Fact]
    public void A_signature_is_folded_and_no_word_of_the_author()
    {
        var mail = "Text.\n-- \nAnn Lee\n  Keeper of herons";

        Html(mail)
            .ShouldBe(
                "<p>Text.</p>\n<details class=\"signature\"><summary>Signature</summary><pre>-- \nAnn Lee\n  Keeper of herons</pre>\n</details>\n"
            );
        Own(mail).ShouldBe("Text.");
    }

    [Fact]
    public void Two_dashes_above_a_quote_are_no_signature() =>
        Html("Text.\n--\nmore\n> one").ShouldNotContain("signature");

    [Fact]
    public void What_a_list_appends_is_set_apart()
    {
        var mail = "Text.\n\n_______________________\nHerons mailing list\nhttp://a.example/listinfo";

        Html(mail).ShouldContain("<div class=\"list-footer\">");
        Own(mail).ShouldBe("Text.");
    }

    [Fact]
    public void Own_words_are_what_stands_between_the_quotes()
    {
        Own("Ann wrote:\n> one\n> two\nNo.\n\n>> three\nYes.").ShouldBe("No.\n\nYes.");
        OwnWords
            .Of("> one\nNo, and\nno.", PostFormat.Mail)
            .Find("no, and no.".Replace("no, ", "No, ", StringComparison.Ordinal))
            .ShouldNotBeNull();
    }

    [Fact]
    public void Addresses_are_links_without_the_marks_behind_them() =>
        Html("See <http://a.example/b_(c)>, or (http://b.example/).")
            .ShouldBe(
                "<p>See &lt;<a href=\"http://a.example/b_(c)\" rel=\"nofollow ugc noopener\">http://a.example/b_(c)</a>&gt;, or (<a href=\"http://b.example/\" rel=\"nofollow ugc noopener\">http://b.example/</a>).</p>\n"
            );

    private static string Html(string mail) => FormatTests.Html(mail, PostFormat.Mail);

    private static string Plain(string mail) => FormatTests.Plain(mail, PostFormat.Mail);

    private static string Own(string mail) => OwnWords.Of(mail, PostFormat.Mail).Text(0, mail.Length).Trim('\n');
}
