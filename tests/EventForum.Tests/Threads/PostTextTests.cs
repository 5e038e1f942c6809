using EventForum.Tests.Threads.Quoting;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

/// <summary>What a command's text quotes is found before its rule runs, which sees no texts of what is quoted.</summary>
public sealed class PostTextTests
{
    private static readonly Guid Source = Guid.CreateVersion7();
    private static readonly Guid Quoting = Guid.CreateVersion7();

    [Theory]
    [InlineData("[quote=\"Ann, post:1\"]first post[/quote]\nIndeed.")]
    [InlineData("[quote=Ann]first post[/quote]\nIndeed.")]
    public void a_reply_quotes_what_stood_there_when_it_was_read(string body)
    {
        var command = new PostReply(ThreadStory.Id, body);

        ThreadStory
            .Given()
            .When(Ben, command, Ann.Did(new PostEdited(ThreadStory.First, "Other words.", [], null)))
            .Then(new ReplyPosted(command.PostId, 2, "Indeed.", [new Quote(0, ThreadStory.First, 1, 4, 10)], 2));
    }

    [Fact]
    public void a_post_that_is_removed_meanwhile_is_not_quoted()
    {
        var story = ThreadStory.Given();
        var removal = Ann.Did(new PostRemoved(ThreadStory.First, null));
        var reply = new PostReply(ThreadStory.Id, "[quote=Ann]first post[/quote]\nIndeed.");

        story.When(Ben, reply, removal).ThenRefused(409, "quoted-post-removed");
        story.When(Ben, reply).Then(new ReplyPosted(reply.PostId, 2, reply.Body, [], 2));
    }

    [Fact]
    public void the_answer_of_a_removed_post_comes_from_its_state_when_it_is_stored() =>
        ThreadStory
            .Given()
            .When(
                Ben,
                new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", "first post"),
                Ann.Did(new PostRemoved(ThreadStory.First, null))
            )
            .ThenRefused(409, "post-removed");

    [Theory]
    [InlineData("post:2")]
    [InlineData("post:ID")]
    [InlineData("Ann")]
    [InlineData("Ann, post:ID")]
    public void whether_words_stand_in_a_removed_post_is_not_to_be_found_out(string named)
    {
        var story = Removed();

        foreach (
            var command in (Func<string, IThreadCommand>[])
                [
                    body => new PostReply(ThreadStory.Id, body),
                    body => new QuotePost(ThreadStory.Id, Quoting, body, null),
                    body => new EditPost(ThreadStory.Id, Quoting, body, null, null),
                ]
        )
        {
            Answer(command, "555 0199").ShouldBe(Answer(command, "555 0198"));
        }

        (string? Refusal, string Text) Answer(Func<string, IThreadCommand> command, string guess)
        {
            var name = named.Replace("ID", $"{Source}", StringComparison.Ordinal);
            var sent = command($"[quote=\"{name}\"]{guess}[/quote]\nIndeed.");
            var text = sent.Read(story.Posts);
            return (
                story.When(Ben, sent).Decision.Refusal?.Type,
                $"{text.Body.Replace(guess, "", StringComparison.Ordinal)} {string.Join(' ', text.Quotes)}"
            );
        }
    }

    [Fact]
    public void a_quote_of_a_removed_post_stays_when_the_rest_is_edited()
    {
        var quote = new Quote(0, Source, 1, 8, 8);
        var shown = QuoteExpansion.Expand("Call.", [quote], _ => ("Ann", null));
        shown.ShouldNotContain("555 0199");

        Removed()
            .When(Ben, new EditPost(ThreadStory.Id, Quoting, shown.Replace("Call.", "Write."), null, null))
            .Then(new PostEdited(Quoting, "Write.", [quote], null));
    }

    [Fact]
    public void a_quote_of_which_nothing_may_be_said_stays_by_its_place_when_the_rest_is_edited()
    {
        var quote = new Quote(0, Source, 1, 8, 8);
        var shown = QuoteExpansion.Expand("Call.", [quote], _ => (null, null));
        shown.ShouldBe("[quote=\"hidden:1\"]\n\n[/quote]\n\nCall.");

        Removed()
            .When(Ben, new EditPost(ThreadStory.Id, Quoting, shown.Replace("Call.", "Write."), null, null))
            .Then(new PostEdited(Quoting, "Write.", [quote], null));
    }

    [Fact]
    public void a_post_with_more_quotes_than_a_post_may_have_is_edited_as_it_is_shown()
    {
        var (story, shown, quotes) = Many(101, "word ");

        story
            .When(Ben, new EditPost(ThreadStory.Id, Quoting, shown.Replace("Old.", "New."), null, null))
            .Then(new PostEdited(Quoting, "New.", quotes, null));
    }

    [Fact]
    public void a_post_that_shows_more_than_a_post_may_is_edited_as_it_is_shown()
    {
        var (story, shown, quotes) = Many(3, "word ".Times(18_000));

        story
            .When(Ben, new EditPost(ThreadStory.Id, Quoting, shown.Replace("Old.", "New words."), null, null))
            .Then(new PostEdited(Quoting, "New words.", quotes, null));
        story
            .When(Ben, new EditPost(ThreadStory.Id, Quoting, shown + "\n\n[quote=\"post:1\"]first[/quote]", null, null))
            .ThenRefused(422, "too-much-quoted");
    }

    [Fact]
    public void an_edit_is_hashed_as_it_always_was()
    {
        // The answers that were given are found by it, for ever.
        var edit = new EditPost(ThreadStory.Id, Quoting, "[quote=\"post:1\"]x[/quote] y", null, 3);

        System
            .Text.Json.JsonSerializer.Serialize(edit, System.Text.Json.JsonSerializerOptions.Web)
            .ShouldBe(
                $$$"""{"threadId":"{{{ThreadStory.Id}}}","postId":"{{{Quoting}}}","body":"[quote=\u0022post:1\u0022]x[/quote] y","reason":null,"revision":3,"names":{"ids":["{{{Quoting}}}"],"numbers":[1],"authors":[],"editedId":"{{{Quoting}}}","isNone":false}}"""
            );
    }

    /// <summary>Ann's post held a telephone number, Ben quoted it, and then it was removed.</summary>
    private static ThreadStory Removed() =>
        ThreadStory.Given(
            Ann.Did(new ReplyPosted(Source, 2, "Call me 555 0199 tonight.", [], 1)),
            Ben.Did(new ReplyPosted(Quoting, 3, "Call.", [new Quote(0, Source, 1, 8, 8)], 2)),
            Mod.Did(new PostRemoved(Source, "Rules."))
        );

    /// <summary>A post with so many quotes of one source, and its text as its page gives it.</summary>
    private static (ThreadStory Story, string Shown, IReadOnlyList<Quote> Quotes) Many(int count, string words)
    {
        var quotes = Enumerable.Range(0, count).Select(_ => new Quote(0, Source, 1, 0, words.Length)).ToList();
        var shown = new ShownWords(4);
        return (
            ThreadStory.Given(
                Ann.Did(new ReplyPosted(Source, 2, words, [], 1)),
                Ben.Did(new ReplyPosted(Quoting, 3, "Old.", quotes, 2))
            ),
            QuoteExpansion.Expand("Old.", quotes, _ => ("Ann", shown.Add(words) ? words : null)),
            quotes
        );
    }
}
