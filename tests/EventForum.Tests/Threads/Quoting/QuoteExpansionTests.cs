using CsCheck;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class QuoteExpansionTests
{
    private static readonly Guid[] Ids =
    [
        new("0195d3b2-6f6e-7000-8000-000000000001"),
        new("0195d3b2-6f6e-7000-8000-000000000002"),
    ];

    [Fact]
    public void A_quote_is_edited_as_a_block_at_its_place() =>
        QuoteExpansion
            .Expand("a\n\nb", [new(3, Ids[0], 1, 0, 5)], _ => ("ann", "words"))
            .ShouldBe($"a\n\n[quote=\"ann, post:{Ids[0]}\"]\nwords\n[/quote]\n\nb");

    [Fact]
    public void Words_that_may_not_be_seen_are_an_empty_block() =>
        QuoteExpansion
            .Expand("", [new(0, Ids[0], 1, 0, 5)], _ => ("ann", null))
            .ShouldBe($"[quote=\"ann, post:{Ids[0]}\"]\n\n[/quote]");

    [Theory]
    [InlineData("look:\n```\nunclosed")]
    [InlineData("a stray [/quote] tag")]
    [InlineData("[quote] never closed")]
    [InlineData("[code] never closed")]
    [InlineData(@"\[quote] escaped \\[/quote]")]
    [InlineData("in code `[/quote]`")]
    public void Words_that_look_like_mark_up_come_back_the_same(string words) =>
        Resolved(
            "answer\n\n[code]x[/code]\n\n```\ny\n```",
            new QuoteSource(Ids[0], 1, words, PostFormat.Markdown),
            "ann"
        );

    [Theory]
    [InlineData("")]
    [InlineData("a \"b\" c")]
    [InlineData("[quote]")]
    [InlineData("x, post:7, topic:1")]
    [InlineData("two\nlines\\")]
    public void No_name_breaks_its_tag(string name) =>
        Resolved("answer", new QuoteSource(Ids[0], 1, "words", PostFormat.Markdown), name);

    [Fact]
    public void What_was_taken_apart_is_put_together_again() =>
        Gen.Select(Bodies.Stored.Array[2], Answer, Bodies.Any)
            .Sample(
                (bodies, answer, name) =>
                {
                    var sources = bodies
                        .Zip(Ids, (body, id) => new QuoteSource(id, 1, body, PostFormat.Markdown))
                        .ToList();
                    var raw = string.Concat(answer.Select(piece => piece.Raw(sources)));
                    var stored = Resolve(PostBody.Normalise(raw), sources);
                    var again = Resolve(Expand(stored, sources, name), sources);
                    again.Body.ShouldBe(stored.Body);
                    again.Quotes.ShouldBe(stored.Quotes);
                },
                iter: 1_000
            );

    private static Gen<Piece[]> Answer =>
        Gen.Select(
            Bodies.Any,
            Gen.Int[0, 1],
            Gen.Int[0, 60],
            Gen.Int[0, 60],
            (words, source, start, length) => new Piece(words, source, start, length)
        ).Array[0, 4];

    private static void Resolved(string answer, QuoteSource source, string name)
    {
        var stored = new ResolvedBody(answer, [source.Quote("").ShouldNotBeNull()], [], []);
        var again = Resolve(Expand(stored, [source], name), [source]);
        again.Body.ShouldBe(answer);
        again.Quotes.ShouldBe(stored.Quotes);
    }

    private static ResolvedBody Resolve(string text, List<QuoteSource> sources) =>
        QuoteResolution.Resolve(text, block => sources.FindAll(source => source.PostId == block.PostId));

    private static string Expand(ResolvedBody stored, List<QuoteSource> sources, string name) =>
        QuoteExpansion.Expand(
            stored.Body,
            stored.Quotes,
            quote => (name, Words(sources.Single(source => source.PostId == quote.PostId), quote.Start, quote.Length))
        );

    private static string Words(QuoteSource source, int start, int length) =>
        OwnWords.Of(source.Body, PostFormat.Markdown).Text(start, length);

    private sealed record Piece(string Words, int Source, int Start, int Length)
    {
        public string Raw(List<QuoteSource> sources) =>
            Words
            + QuoteExpansion.Block(
                "ann",
                sources[Source].PostId,
                QuoteExpansionTests.Words(sources[Source], Start, Length)
            );
    }
}
