using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class QuoteResolutionTests
{
    private static readonly QuoteSource Ann = new(
        new Guid("0195d3b2-6f6e-7000-8000-000000000001"),
        1,
        "one two three",
        PostFormat.Markdown
    );
    private static readonly QuoteSource Bob = new(
        new Guid("0195d3b2-6f6e-7000-8000-000000000002"),
        3,
        "> gone\n\nfour two",
        PostFormat.Markdown
    );

    [Theory]
    [InlineData("[quote=ann]two[/quote]", "", 0)]
    [InlineData("[quote=ann]\ntwo\n[/quote]\n\n\nanswer", "answer", 0)]
    [InlineData("[quote=ann]two[/quote] answer", "answer", 0)]
    [InlineData("[quote=ann]two[/quote]\n    code", "    code", 0)]
    [InlineData("answer\n[quote=ann]two[/quote]", "answer", 6)]
    [InlineData("before [quote=ann]two[/quote] after", "before\n\nafter", 8)]
    public void A_quote_leaves_a_paragraph_s_gap(string text, string body, int at)
    {
        var resolved = Resolve(text);
        resolved.Body.ShouldBe(body);
        resolved.Quotes.ShouldBe([new Quote(at, Ann.PostId, 1, 4, 3)]);
    }

    [Fact]
    public void Quotes_without_words_between_them_share_a_place()
    {
        var resolved = Resolve("a\n\n[quote=ann]one[/quote]\n\n[quote=bob]four[/quote]\nb\n[quote=bob]two[/quote]");
        resolved.Body.ShouldBe("a\n\nb");
        resolved
            .Quotes.Select(quote => (quote.At, quote.PostId))
            .ShouldBe([(3, Ann.PostId), (3, Bob.PostId), (4, Bob.PostId)]);
    }

    [Theory]
    [InlineData("[quote]two[/quote]")]
    [InlineData("[quote=eve]two[/quote]")]
    [InlineData("[quote=ann]nine[/quote]")]
    [InlineData("[quote=ann][/quote]")]
    [InlineData("[quote=bob]gone[/quote]")]
    [InlineData("[quote=\"eve, post:9\"]two[/quote]")]
    public void A_quote_without_known_source_stays_text(string text)
    {
        var resolved = Resolve(text);
        resolved.Body.ShouldBe(text);
        resolved.Quotes.ShouldBeEmpty();
        resolved.Misquotes.ShouldBeEmpty();
    }

    [Fact]
    public void Words_that_the_named_post_does_not_say_are_a_misquote() =>
        Resolve("[quote=\"ann, post:1\"]never said[/quote]").Misquotes.ShouldHaveSingleItem().PostNumber.ShouldBe(1);

    [Fact]
    public void An_empty_block_that_names_a_post_quotes_all_of_it() =>
        Resolve("[quote=\"bob, post:2\"][/quote]").Quotes.ShouldBe([new Quote(0, Bob.PostId, 3, 0, Bob.Body.Length)]);

    [Fact]
    public void A_quote_within_a_quote_is_not_sought() =>
        Resolve("[quote=ann]one [quote=eve]x[/quote] two[/quote]").Quotes.ShouldBe([new Quote(0, Ann.PostId, 1, 0, 7)]);

    [Fact]
    public void An_empty_block_stands_for_the_hidden_quote_that_it_was()
    {
        var hidden = new Quote(7, Ann.PostId, 1, 4, 3);
        QuoteResolution
            .Resolve(
                $"a\n[quote=\"ann, post:{Ann.PostId}\"]\n[/quote]\nb",
                _ => [],
                new HeldQuotes("a\n\nb", [new HeldQuote(hidden, null, IsHidden: true)])
            )
            .Quotes.ShouldBe([hidden with { At = 3 }]);
    }

    [Fact]
    public void An_answer_stands_below_its_quote() =>
        Resolve("answer [quote=ann]two[/quote]")
            .Answering(Ann.Quote("three").ShouldNotBeNull())
            .Quotes.Select(quote => (quote.At, quote.Start))
            .ShouldBe([(0, 8), (6, 4)]);

    [Fact]
    public void A_post_is_not_made_to_say_what_it_does_not() => Ann.Quote("four").ShouldBeNull();

    [Fact]
    public void Many_quotes_of_long_posts_take_bounded_time()
    {
        var source = Ann with { Body = "word ".Times(20_000) };
        var text = "[quote=ann]never[/quote]".Times(4_000);
        HangGuard.Finishes(() => QuoteResolution.Resolve(text, _ => [source]));
    }

    [Fact]
    public void Quotes_beyond_what_a_post_may_show_stay_text()
    {
        var source = Ann with { Body = "x".Times(90_000) };
        var block = $"[quote=\"post:{Ann.PostId}\"][/quote]\n";

        var resolved = QuoteResolution.Resolve(block.Times(4) + "y".Times(20_000), _ => [source]);

        resolved.Quotes.Count.ShouldBe(2);
        resolved.Excess.Count.ShouldBe(2);
        resolved.Body.ShouldBe((block.Times(2) + "y".Times(20_000)).Trim());
    }

    [Theory]
    [InlineData(19, 1)]
    [InlineData(20, 0)]
    public void Words_of_a_name_are_looked_for_in_a_bounded_number_of_characters(int before, int quotes)
    {
        var others = Enumerable
            .Range(0, before)
            .Select(_ => new QuoteSource(Guid.CreateVersion7(), 1, "word ".Times(20_000), PostFormat.Markdown))
            .ToList();
        var said = Ann with { Body = "two".PadRight(100_000, 'x') };

        QuoteResolution.Resolve("[quote=ann]twox[/quote]", _ => [.. others, said]).Quotes.Count.ShouldBe(quotes);
    }

    [Fact]
    public void The_quote_in_front_counts_too()
    {
        var source = Ann with { Body = "x".Times(90_000) };
        var text = $"[quote=\"post:{Ann.PostId}\"][/quote]\ny";

        QuoteResolution.Resolve(text, _ => [source], answered: 109_999).Excess.ShouldBeEmpty();
        QuoteResolution.Resolve(text, _ => [source], answered: 110_000).Excess.ShouldHaveSingleItem();
    }

    private static ResolvedBody Resolve(string text) =>
        QuoteResolution.Resolve(
            text,
            block =>
                (block.Name, block.PostNumber) switch
                {
                    ("ann", _) => [Ann],
                    ("bob", _) => [Bob],
                    _ => [],
                }
        );
}
