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
    [InlineData("see [b]one two three[/b] four", "one two three", "[b]one two three[/b]")]
    [InlineData("[b]one[/b] two [i]three[/i]", "two three", "two [i]three[/i]")]
    [InlineData("[*]one two three", "one two three", "one two three")]
    [InlineData("so:\n```cpp\none two\n three\n```\nfour", "one two three", "```cpp\none two\n three\n```")]
    [InlineData("so:\n```\none two\n three\n```\nfour", "```\ntwo three\n```", "two\n three")]
    [InlineData("see [one two three](http://a.example/x) four", "one two three", "[one two three](http://a.example/x)")]
    [InlineData(
        "see [one two three](http://a.example/x) four",
        "one two three four",
        "[one two three](http://a.example/x) four"
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

    /// <summary>Against words that are compared one by one.</summary>
    [Fact]
    public void Words_are_found_by_their_letters_where_they_follow_each_other_and_nowhere_else()
    {
        var (found, missed) = (0, 0);
        Gen.Select(Written, Gen.Int[0, 30], Gen.Int[1, 6], Gen.Bool, Written)
            .Sample(
                (body, skip, take, isFromBody, other) =>
                {
                    var excerpt = (isFromBody ? body : other).Skip(skip % 12).Take(take).Select(Copied).ToList();
                    var sought = Words(string.Concat(excerpt));
                    var said = Words(string.Concat(body));
                    var stands =
                        sought.Sum(word => word.Length) >= 8
                        && Enumerable
                            .Range(0, Math.Max(0, said.Count - sought.Count + 1))
                            .Any(at => said.Skip(at).Take(sought.Count).SequenceEqual(sought, StringComparer.Ordinal));

                    var spans = OwnWords.Of(string.Concat(body), PostFormat.Text).FindLoosely(string.Concat(excerpt));

                    (spans.Count > 0).ShouldBe(stands);
                    (found, missed) = stands ? (found + 1, missed) : (found, missed + 1);
                },
                threads: 1
            );
        found.ShouldBeGreaterThan(20);
        missed.ShouldBeGreaterThan(20);

        static string Copied(string part) =>
            part.Replace('\'', '’').Replace("--", "–", StringComparison.Ordinal).Replace('\n', ' ').ToUpperInvariant();

        static List<string> Words(string text) =>
            [
                .. string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ];
    }

    private static readonly string[] Parts =
    [
        "heron ",
        "weir,\n",
        "it's ",
        "mill--",
        "\"two\" ",
        "**water**\n\n",
        "1993. ",
    ];

    private static readonly Gen<string[]> Written = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[12, 40];

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
