using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class QuoteSyntaxTests
{
    private const string Id = "0195d3b2-6f6e-7000-8000-000000000001";

    [Theory]
    [InlineData("[quote]", null, null, null)]
    [InlineData("[QUOTE]", null, null, null)]
    [InlineData("[quote=ann]", "ann", null, null)]
    [InlineData("[quote='ann']", "ann", null, null)]
    [InlineData("[quote=\"ann\"]", "ann", null, null)]
    [InlineData("[quote=\"Doe, Jane\"]", "Doe, Jane", null, null)]
    [InlineData("[quote=\"Dr: Who\"]", "Dr: Who", null, null)]
    [InlineData("[quote=\"a]b\"]", "a]b", null, null)]
    [InlineData("[quote=\"ann\" post_id=7 time=1]", "ann", null, null)]
    [InlineData("[QUOTE=ann;7]", "ann", null, null)]
    [InlineData("[quote='ann' pid='7' dateline='1']", "ann", null, null)]
    [InlineData("[quote=\"ann, post:7\"]", "ann", null, 7)]
    [InlineData("[quote=\"ann, post: 7, member: 5, full:true\"]", "ann", null, 7)]
    [InlineData("[quote=\"ann, post:7, topic:12\"]", "ann", null, null)]
    [InlineData("[quote=\"ann, post:-7\"]", "ann", null, null)]
    [InlineData("[quote=\"ann, post:99999999999\"]", "ann", null, null)]
    [InlineData("[quote=\"ann, post:" + Id + "\"]", "ann", Id, null)]
    [InlineData("[quote=post:" + Id + "]", null, Id, null)]
    public void An_opening_tag_says_whom_it_quotes(string tag, string? name, string? id, int? number)
    {
        var block = QuoteSyntax.Parse(tag + "words[/Quote]").ShouldHaveSingleItem();
        block.ShouldSatisfyAllConditions(
            () => block.Name.ShouldBe(name),
            () => block.PostId?.ToString().ShouldBe(id),
            () => block.PostNumber.ShouldBe(number),
            () => block.Inner.ShouldBe(new TextSpan(tag.Length, 5))
        );
    }

    [Theory]
    [InlineData("a [quote]b[/quote] c [quote]d[/quote]", "b|d")]
    [InlineData("[quote]a[quote]b[/quote]c[/quote]", "a[quote]b[/quote]c")]
    [InlineData("[quote][quote]b[/quote]", "b")]
    [InlineData("[quote]b[/quote][/quote]", "b")]
    [InlineData("[/quote]a[quote]", "")]
    [InlineData("[quote=\"two\nlines\"]a[/quote]", "")]
    [InlineData("[quoted]a[/quote]", "")]
    [InlineData(@"\[quote]a[/quote]", "")]
    [InlineData("`[quote]a[/quote]`", "")]
    [InlineData("``[quote]a` [/quote]``", "")]
    [InlineData("a ` b [quote]c[/quote]", "c")]
    [InlineData("a ` b [quote]c[/quote]\n`", "c")]
    [InlineData("```\n[quote]a[/quote]\n```", "")]
    [InlineData("~~~ text\n[quote]a[/quote]\n~~~\n[quote]b[/quote]", "b")]
    [InlineData("````\n```\n[quote]a[/quote]\n````", "")]
    [InlineData("```\n[quote]a[/quote]", "")]
    [InlineData("> ```\n> [quote]a[/quote]\n\n[quote]b[/quote]", "b")]
    [InlineData("- ```\n  [quote]a[/quote]\n  ```", "")]
    [InlineData("```not a fence``` [quote]a[/quote]", "a")]
    [InlineData("[code][quote]a[/quote][/code]", "")]
    [InlineData("[code][quote]a[/quote]", "a")]
    public void Only_outermost_pairs_outside_code_are_blocks(string text, string inner) =>
        string.Join('|', QuoteSyntax.Parse(text).Select(block => block.Inner.In(text))).ShouldBe(inner);

    [Theory]
    [InlineData("[quote]", 50_000, "[/quote]", 50_000)]
    [InlineData("[quote]", 100_000, "", 0)]
    [InlineData("", 0, "[/quote]", 100_000)]
    [InlineData("[quote=", 50_000, "", 0)]
    [InlineData("[quote=\"", 50_000, "", 0)]
    [InlineData("[code]", 50_000, "", 0)]
    [InlineData("` ``", 50_000, "", 0)]
    [InlineData(@"\``a", 25_000, "", 0)]
    [InlineData("```\n", 50_000, "", 0)]
    [InlineData("> ~~~\n\n", 50_000, "", 0)]
    public void Hostile_tags_take_no_longer_than_their_length(string open, int opens, string close, int closes) =>
        HangGuard.Finishes(() => QuoteSyntax.Parse(open.Times(opens) + close.Times(closes)));
}
