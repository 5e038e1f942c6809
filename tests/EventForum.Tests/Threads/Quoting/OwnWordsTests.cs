using CsCheck;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class OwnWordsTests
{
    [Theory]
    [InlineData("all mine", "all mine")]
    [InlineData("a\n\n[quote=\"x\"]\nb\n[/quote]\n\nc", "a\n\nc")]
    [InlineData("a [quote]b[/quote] c", "a\n\n c")]
    [InlineData("> b\nlazily b\n\nc", "c")]
    [InlineData("a\n> b\n> > b\n\nc", "a\n\nc")]
    [InlineData("- > b\n- c", "-\n\n- c")]
    [InlineData("1 > 0", "1 > 0")]
    [InlineData("```\n> code\n```", "```\n> code\n```")]
    [InlineData("    code\n\nc", "    code\n\nc")]
    [InlineData("[quote]b[/quote]", "")]
    public void Quotes_and_blockquotes_are_left_out(string body, string own) => Text(body).ShouldBe(own);

    [Theory]
    [InlineData("one two three", "two", "two")]
    [InlineData("one\n  two\n\nthree", "one two three", "one\n  two\n\nthree")]
    [InlineData("one two", "one\n\ntwo", "one two")]
    [InlineData("one two", "One", null)]
    [InlineData("one [quote]no[/quote] two three", "one two", "one [quote]no[/quote] two")]
    [InlineData("one\n> no\n\ntwo three", "one two", "one\n> no\n\ntwo")]
    [InlineData("one [quote]no[/quote]", "no", null)]
    [InlineData("> no\n\nyes", "no", null)]
    [InlineData("> no\n\nyes", "yes", "> no\n\nyes")]
    [InlineData("one", "", "one")]
    [InlineData("one one", "one", "one")]
    [InlineData("tag [quote] alone here", @"tag \[quote] alone", "tag [quote] alone")]
    public void An_excerpt_is_found_word_for_word(string body, string excerpt, string? found) =>
        OwnWords.Of(body, PostFormat.Markdown).Find(excerpt)?.In(body).ShouldBe(found);

    [Theory]
    [InlineData("It isn't \"for me\", he said.", "isn’t “for me”", "isn't \"for me\",")]
    [InlineData("at <0,0,0> it stands", "at &lt;0,0,0&gt; it stands", "at <0,0,0> it stands")]
    [InlineData("one **two three** four", "One two three", "one **two three**")]
    [InlineData("see [b]one two three[/b] four", "one two three", "one two three")]
    [InlineData(
        "see [one two three](http://a.example/x) four",
        "one two three four",
        "one two three](http://a.example/x) four"
    )]
    [InlineData("one two-\nthree", "one twothree", "one two-\nthree")]
    [InlineData("everyone twothrees", "one twothree", null)]
    [InlineData("everyone twothrees, one twothree", "one twothree", "one twothree")]
    [InlineData("one two", "one two", null)]
    [InlineData("one two three\n\nfour", "one two ... four", null)]
    public void What_another_program_copied_is_found_by_its_letters(string body, string excerpt, string? found) =>
        OwnWords
            .Of(body, PostFormat.Markdown)
            .FindLoosely(excerpt)
            .Select(span => span.In(body))
            .ShouldBe(found is null ? [] : [found]);

    [Fact]
    public void What_is_found_by_its_letters_has_the_letters_of_what_was_sought() =>
        Gen.Select(Bodies.Stored, Gen.Int[0, 200], Gen.Int[20, 200])
            .Sample(
                (body, start, length) =>
                {
                    var words = OwnWords.Of(body, PostFormat.Text);
                    var text = words.Text(start, length);
                    foreach (var span in words.FindLoosely(text))
                        LooseText.Letters(text).ShouldContain(LooseText.Letters(words.Text(span.Start, span.Length)));
                }
            );

    [Fact]
    public void What_is_quoted_is_no_own_word() =>
        Bodies.Any.Sample(text =>
        {
            QuoteSyntax.Between(text).Count().ShouldBe(QuoteSyntax.Parse(text).Count + 1);
            var own = OwnWords.Of(text, PostFormat.Markdown).Spans;
            var quoted = QuoteSyntax.Parse(text).Select(block => block.Span);
            quoted.ShouldAllBe(block => own.All(span => span.End <= block.Start || block.End <= span.Start));
        });

    [Fact]
    public void Own_words_are_found_where_they_stand() =>
        Gen.Select(Bodies.Stored, Gen.Int[0, 200], Gen.Int[0, 200])
            .Sample(
                (body, start, length) =>
                {
                    var words = OwnWords.Of(body, PostFormat.Markdown);
                    var text = words.Text(start, length);
                    if (text.EndsWith('\\'))
                        return; // The cut may be between a back slash and what it shields.
                    var found = words.Find(text).ShouldNotBeNull();
                    if (text.Length > 0)
                        Folded(words.Text(found.Start, found.Length)).ShouldBe(Folded(text));
                }
            );

    [Theory]
    [InlineData("> ")]
    [InlineData("> - ")]
    [InlineData(">")]
    [InlineData("> a\n")]
    [InlineData("[quote]a[/quote]> a\n")]
    [InlineData("a a b ")]
    public void Long_bodies_are_searched_in_bounded_time(string part)
    {
        var body = part.Times(100_000 / part.Length);
        HangGuard.Finishes(() => OwnWords.Of(body, PostFormat.Markdown).Find("a ".Times(40_000) + "c"));
        HangGuard.Finishes(() => OwnWords.Of(body, PostFormat.Markdown).FindLoosely("a ".Times(40_000) + "c"));
    }

    private static string Text(string body) => OwnWords.Of(body, PostFormat.Markdown).Text(0, body.Length);

    private static string Folded(string text) => FoldedText.Of(text, [new(0, text.Length)]).Text;
}
