using EventForum.Threads;

namespace EventForum.Tests.Threads;

public sealed class PostEventsTests
{
    private static readonly Guid Post = Guid.CreateVersion7();

    [Fact]
    public void an_event_without_its_words_says_how_long_they_were_and_why_they_are_gone()
    {
        var masked = (PostEdited)
            PostEvents.Masked(new PostEdited(Post, "Four \U0001F426", [], "Clearer.", 1), Masking.Redacted);

        masked.ShouldBe(new PostEdited(Post, "", masked.Quotes, "Clearer.", 1, new Mask(Masking.Redacted, 6)));
        PostEvents.Masked(masked, Masking.Redacted).ShouldBe(masked);
    }

    [Fact]
    public void a_post_is_without_words_from_the_redaction_on_as_from_the_event_that_lost_them()
    {
        var written = new ReplyPosted(Post, 2, "Words.", [], 1);
        var redaction = Told(new RevisionRedacted(Post, [1], "Private."), 3);

        var then = PostRow.Fold(PostRow.Fold(null, Told(written, 2)), redaction)!;
        var rebuilt = PostRow.Fold(
            PostRow.Fold(null, Told(PostEvents.Masked(written, Masking.Redacted), 2)),
            redaction
        )!;

        (then.Body, then.Mask, then.Revision).ShouldBe(("", new Mask(Masking.Redacted, 6), 1));
        (rebuilt.Body, rebuilt.Mask, rebuilt.Revision).ShouldBe((then.Body, then.Mask, then.Revision));
    }

    [Fact]
    public void words_that_came_after_a_redacted_revision_stay()
    {
        var post = new object[]
        {
            new ReplyPosted(Post, 2, "Words.", [], 1),
            new PostEdited(Post, "Other words.", [], null),
            new RevisionRedacted(Post, [1], "Private."),
        }
            .Select((data, i) => Told(data, i + 2))
            .Aggregate((PostRow?)null, PostRow.Fold)!;

        (post.Body, post.Mask).ShouldBe(("Other words.", null));
    }

    private static JasperFx.Events.IEvent Told(object data, int version) =>
        ThreadStory.Told(data, Person.Ann.Id, version);
}
