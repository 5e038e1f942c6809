using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CsCheck;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting.Formats;

/// <summary>What holds for every format but Markdown, whose mark-up people write around words.</summary>
public sealed partial class FormatTests
{
    private static readonly string[] Marks =
    [
        .. (string[])
            ["one", "two words", "Übermut", "e\u0301", "日本語", "x", "a-b", "http://a.example/b", "www.b.example"],
        .. (string[])
            ["\n", "\n", "\n\n", "\n\n", "\n\n\n", " ", "   ", "\t", "> ", ">> ", "| ", ": ", "JN> ", "-- ", "--"],
        .. (string[])
            ["# ", "* ", "- ", "1. ", "_", "*", "\\", "`", "```", "    ", "<b>", "&amp;", "---", "____________"],
        .. (string[])["In article <x> Ann writes:", "Ann wrote:", "mailing list", "{ a; }", "a      b      c"],
    ];

    private static readonly string[] Tags =
    [
        .. (string[])
            ["[b]", "[/b]", "[i]", "[/i]", "[u]", "[/u]", "[s]", "[/s]", "[list]", "[list=1]", "[/list]", "[*]"],
        .. (string[])["[url=http://a.example/]", "[url]", "[/url]", "[img]", "[/img]", "[code]", "[/code]", "[table]"],
        .. (string[])["[/table]", "[tr]", "[/tr]", "[td]", "[/td]", "[size=5]", "[/size]", "[color=red]", "[/color]"],
        .. (string[])["[center]", "[/center]", "[spoiler]", "[/spoiler]", "[font=x]", "[/font]", "[li]", "[/li]", "["],
    ];

    private static readonly Gen<string> Written = Gen.Int[0, Marks.Length - 1]
        .Select(i => Marks[i])
        .Array[0, 60]
        .Select(string.Concat);

    private static readonly Gen<string> Tagged = Gen.Select(
        Gen.Int[0, Tags.Length - 1].Select(i => Tags[i]).Array[0, 40],
        Gen.Int[0, 8].Array[41],
        (tags, words) => string.Concat(tags.Select((tag, i) => tag + Marks[words[i]] + " "))
    );

    public static TheoryData<PostFormat> Formats => [PostFormat.Mail, PostFormat.BbCode, PostFormat.Text];

    [Theory, MemberData(nameof(Formats))]
    public void No_word_is_lost(PostFormat format) =>
        Written.Sample(
            text =>
            {
                // Initials of who is quoted are a mark as > is.
                var words = WordsOf(text).Where(word => word != "JN").ToList();
                words.Except(WordsOf(TextOf(Html(text, format))), StringComparer.Ordinal).ShouldBeEmpty();
                words.Except(WordsOf(Plain(text, format)), StringComparer.Ordinal).ShouldBeEmpty();
            },
            iter: 3_000
        );

    [Fact]
    public void No_word_between_tags_is_lost() =>
        Tagged.Sample(
            text =>
            {
                var words = WordsOf(Tag.Replace(text, " "));
                words.Except(WordsOf(TextOf(Html(text, PostFormat.BbCode))), StringComparer.Ordinal).ShouldBeEmpty();
                words.Except(WordsOf(Plain(text, PostFormat.BbCode)), StringComparer.Ordinal).ShouldBeEmpty();
            },
            iter: 3_000
        );

    [Theory, MemberData(nameof(Formats))]
    public void What_is_rendered_is_as_the_sanitizer_leaves_it(PostFormat format)
    {
        foreach (var text in Bodies.Hostile)
            IsSafe(PostBody.Normalise(text).Replace('\uFFFF', ' '));
        Gen.OneOf(Written, Tagged, Bodies.Any).Sample(IsSafe, iter: 3_000);

        void IsSafe(string text)
        {
            var html = FormattedText.ToHtml(text, format);
            SafeHtml.Of(html, "").ShouldBe(html);
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Quoted_lines_are_no_empty_boxes(PostFormat format) =>
        Gen.OneOf(Written, Tagged)
            .Sample(text =>
                new HtmlParser()
                    .ParseDocument(Html(text, format))
                    .QuerySelectorAll("blockquote")
                    .ShouldAllBe(quote => quote.TextContent.Trim().Length > 0)
            );

    [Theory]
    [InlineData("[b]")]
    [InlineData("[/b]")]
    [InlineData("[b][/i]")]
    [InlineData("[list][*]")]
    [InlineData("[code]")]
    [InlineData("[url=")]
    [InlineData("[url=\"")]
    [InlineData("[a=[")]
    [InlineData("[i][b][/i]x")]
    [InlineData("[table][tr][td]")]
    [InlineData("[b]x[/b]")]
    [InlineData(">")]
    [InlineData("> ")]
    [InlineData(">x\n")]
    [InlineData(">x\n\n>>y\n\n")]
    [InlineData("> > > > > > > > > > > > >x\n")]
    [InlineData("|")]
    [InlineData(": x\n")]
    [InlineData("JN> x\n")]
    [InlineData("JN>")]
    [InlineData("JN> ")]
    [InlineData("| ")]
    [InlineData("Ann wrote:\n")]
    [InlineData("-- \n")]
    [InlineData("________________\n")]
    [InlineData("a      b\n\n")]
    [InlineData("x \n")]
    [InlineData("http://")]
    [InlineData("http://a.example/((((")]
    [InlineData("www.a.example))))) ")]
    [InlineData(" ")]
    [InlineData("; ")]
    public void Hostile_texts_take_no_longer_than_their_length(string unit)
    {
        foreach (var format in Enum.GetValues<PostFormat>())
        {
            var text = unit.Times(100_000 / unit.Length);
            HangGuard.Finishes(() => Html(text, format).ShouldNotBeNull());
            HangGuard.Finishes(() => Plain(text, format).ShouldNotBeNull());
            HangGuard.Finishes(() => OwnWords.Of(text, format).ShouldNotBeNull());
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Quote_blocks_are_quotes(PostFormat format)
    {
        var html = PostHtml.Render(
            "before\n[quote=ann]said[/quote]\nafter",
            format,
            [],
            _ => throw new InvalidOperationException()
        );

        html.ShouldContain("<blockquote class=\"quote\" data-state=\"unknown\">");
        html.ShouldNotContain("[quote");
        OwnWords.Of("a [quote]b[/quote]", format).Text(0, 100).Trim().ShouldBe("a");
    }

    [Fact]
    public void A_quote_is_rendered_in_the_format_of_the_post_that_it_is_of()
    {
        var html = PostHtml.Render(
            "*answer*",
            PostFormat.Markdown,
            [new(0, Guid.Empty, 1, 0, 5)],
            _ => new("ann", "*as* [b]said[/b]", QuoteState.Exact, "/p/1", 1) { Format = PostFormat.BbCode }
        );

        html.ShouldContain("<p>*as* <strong>said</strong></p>");
        html.ShouldContain("<p><em>answer</em></p>");
    }

    internal static string Html(string text, PostFormat format) =>
        PostHtml.Render(text, format, [], _ => throw new InvalidOperationException());

    internal static string Plain(string text, PostFormat format) =>
        PostPlainText.Render(text, format, [], _ => throw new InvalidOperationException());

    private static string TextOf(string html) =>
        new HtmlParser()
            .ParseDocument(
                html.Replace("<br>", "\n", StringComparison.Ordinal).Replace("</", " </", StringComparison.Ordinal)
            )
            .Body!.TextContent;

    private static HashSet<string> WordsOf(string text) =>
        Word.Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"[\p{L}\p{N}\p{M}]+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"\[/?[a-z]+(=[^\]]*)?\]|\[\*\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tag { get; }
}
